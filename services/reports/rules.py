"""What a report is about and how it stands: pure rules."""

from collections.abc import Collection
from enum import StrEnum

from chassis.law.periods import Period, PeriodKind
from chassis.law.violations import Violation


class ReportKind(StrEnum):
    """The kinds of report."""

    ANNUAL = "annual"
    CONFERENCES = "conferences"
    QUARTERLY = "quarterly"
    CHAIR = "chair"


class ReportState(StrEnum):
    """How a report stands."""

    DRAFT = "draft"
    WITH_REVIEWER = "with_reviewer"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Turn(StrEnum):
    """How a report stands for whoever is asked next, by name."""

    TO_REVIEW = "to_review"
    TO_PUBLISH = "to_publish"


TURNS = {ReportState.WITH_REVIEWER: Turn.TO_REVIEW, ReportState.APPROVED: Turn.TO_PUBLISH}
BEING_MADE = (ReportState.DRAFT, ReportState.WITH_REVIEWER, ReportState.APPROVED)
PERIODS = {
    ReportKind.ANNUAL: PeriodKind.FINANCIAL_YEAR,
    ReportKind.CONFERENCES: PeriodKind.HALF,
    ReportKind.QUARTERLY: PeriodKind.QUARTER,
    ReportKind.CHAIR: PeriodKind.QUARTER,
}


def report_violations(kind: ReportKind, period: Period, chair_id: str | None) -> list[Violation | None]:
    """What cannot be so about a new report."""
    found: list[Violation | None] = []
    if period.kind is not PERIODS[kind]:
        message = f"A report of the kind {kind} is about a {PERIODS[kind].replace('_', ' ')}, not about {period.label}."
        found.append(Violation("period", "period_of_kind", message))
    if kind is ReportKind.CHAIR and chair_id is None:
        found.append(Violation("chair_id", "chair_named", "Say whose page it is."))
    if kind is not ReportKind.CHAIR and chair_id is not None:
        found.append(Violation("chair_id", "chair_page_alone", "Only a chair's own page is about one chair."))
    return found


def standing(state: ReportState, author_id: str, reviewer_id: str | None, caller: str) -> ReportState | Turn:
    """How a report stands for a caller: it is theirs to review, or to publish or take back, or it has its state.

    The reviewer alone reviews. What is approved is published or taken back by the reviewer, or by the author.
    """
    named = {ReportState.WITH_REVIEWER: {reviewer_id}, ReportState.APPROVED: {reviewer_id, author_id}}
    return TURNS[state] if caller in named.get(state, ()) else state


def reviewer_violation(
    reviewer_id: str, writers: Collection[str], handed_on_by: str | None, reviewer_until_now: str | None
) -> Violation | None:
    """What is wrong with naming somebody as the reviewer of a report.

    `writers` are its author and whoever wrote words of it. `handed_on_by` names another one than `reviewer_until_now`.
    """
    if reviewer_id in writers:
        message = "Somebody who is not the author, and has written none of its words, reviews a report."
        return Violation("reviewer_id", "another_person", message)
    if reviewer_id == reviewer_until_now:
        return Violation("reviewer_id", "another_reviewer", "It is with them already.")
    if reviewer_id == handed_on_by:
        message = "Nobody takes a report from its reviewer for themselves: somebody else names you."
        return Violation("reviewer_id", "not_oneself", message)
    return None
