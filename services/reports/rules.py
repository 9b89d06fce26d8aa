"""What a report is about and how it stands: pure rules."""

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
