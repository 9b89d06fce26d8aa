"""When each thing is due: every time limit once, with its source, counted from what really happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.law.deadlines import DeadlineKind
from chassis.law.timescales import Owed, Timescale, in_months, in_working_days
from chassis.law.working_days import add_months
from services.conferences.rules.vocabulary import INITIAL_KINDS, ConferenceKind

# The edition that is in force; which of its words were compared, and when, stands in docs/rules.md.
GUIDANCE = "Working Together to Safeguard Children 2026"
QUOTED = f"{GUIDANCE}, as published procedures quote it"
COMMON = "Common practice"
LOCAL = "Local practice"


# After each of these days what is still owed is counted anew, once.
CHANGED_ON = (date(2026, 11, 30),)


@dataclass(frozen=True)
class Practice:
    """What varies from council to council, in working days where it is a time limit; a council's settings say it.

    Where `health_is_one_agency`, all of health counts once for the quorum. `social_care_roles` and `health_roles` are
    the roles of the directory that belong to them.
    """

    transfer_in: int = 15
    report_before_initial: int = 2
    report_before_review: int = 5
    outline_plan: int = 1
    record: int = 15
    preparation_check: int = 5
    quorum_other_agencies: int = 2
    health_is_one_agency: bool = False
    social_care_roles: frozenset[str] = frozenset({"social-worker", "practice-supervisor", "team-manager"})
    health_roles: frozenset[str] = frozenset(
        {
            "gp",
            "health-visitor",
            "midwife",
            "school-nurse",
            "young-persons-nurse",
            "hospital-worker",
            "camhs",
            "other-health-worker",
        }
    )


USUAL = Practice()


def conferences(practice: Practice = USUAL) -> dict[ConferenceKind, Timescale]:
    """When a conference of each kind is due.

    Source: Working Together to Safeguard Children 2026; for a transfer-in conference as published procedures quote it.
    """
    return {
        ConferenceKind.INITIAL: in_working_days(
            15, "the strategy discussion at which section 47 enquiries were initiated", GUIDANCE
        ),
        ConferenceKind.TRANSFER_IN: in_working_days(
            practice.transfer_in, "the other authority's notification of the transfer", QUOTED
        ),
        ConferenceKind.FIRST_REVIEW: in_months(3, "the initial conference was held", GUIDANCE),
        ConferenceKind.LATER_REVIEW: in_months(6, "the previous conference was held", GUIDANCE),
    }


def others(practice: Practice = USUAL) -> dict[DeadlineKind, Timescale]:
    """When each other thing is due. Source: each time limit names its own."""
    return {
        DeadlineKind.CORE_GROUP: in_working_days(10, "the initial conference was held", GUIDANCE),
        DeadlineKind.OUTLINE_PLAN: in_working_days(practice.outline_plan, "the conference was held", COMMON),
        DeadlineKind.RECORD: in_working_days(practice.record, "the conference was held", COMMON),
        DeadlineKind.PREPARATION_CHECK: in_working_days(-practice.preparation_check, "the conference", LOCAL),
    }


def reports(practice: Practice = USUAL) -> dict[ConferenceKind, Timescale]:
    """Until when a professional's report is there and shared with the family. Source: common practice."""
    initial = in_working_days(-practice.report_before_initial, "an initial conference", COMMON)
    review = in_working_days(-practice.report_before_review, "a review conference", COMMON)
    return {kind: initial if kind in INITIAL_KINDS else review for kind in ConferenceKind}


CONFERENCES: dict[ConferenceKind, Timescale] = conferences()
OTHERS: dict[DeadlineKind, Timescale] = others()
REPORTS: dict[ConferenceKind, Timescale] = reports()
MIDWAY_RULE = f"Halfway between a conference and the day on which the next one is due ({LOCAL})"
TWELVE_MONTH_RULE = f"Before 12 months on a plan, led by another chair than the allocated one ({LOCAL})"
PROPOSALS_RULE = f"What was missing at a conference is escalated or dismissed when it is closed ({LOCAL})"
PLAN_END_RULE = f"No plan goes on after the 18th birthday or death ({GUIDANCE})"
AGREED_CORE_GROUP_RULE = f"The day that the core group agreed when it met last ({GUIDANCE})"


def twelve_month_discussion_due_on(plan_started_on: date) -> date:
    """The last day of a 12-month discussion: the day before the plan has run for 12 calendar months.

    Source: local practice.
    """
    return add_months(plan_started_on, 12) - timedelta(days=1)


def report_due_on(kinds: Sequence[ConferenceKind], planned_on: date, practice: Practice = USUAL) -> date:
    """Until when a report for a meeting is sent: the sooner, if it is initial for one child and a review for another.

    Source: common practice: 2 working days before an initial conference, 5 before a review.
    """
    table = reports(practice)
    return min(table[kind].due_on(planned_on) for kind in kinds)


class Milestone(StrEnum):
    """What can set time limits running."""

    STRATEGY_DISCUSSION_HELD = "strategy_discussion_held"
    TRANSFER_NOTIFIED = "transfer_notified"
    INITIAL_CONFERENCE_PLANNED = "initial_conference_planned"
    REVIEW_CONFERENCE_PLANNED = "review_conference_planned"
    INITIAL_CONFERENCE_HELD = "initial_conference_held"
    REVIEW_CONFERENCE_HELD = "review_conference_held"
    PLAN_STARTED = "plan_started"


def owed_after(event: Milestone, event_on: date, practice: Practice = USUAL) -> list[Owed]:
    """All that is due because of an event, soonest first. Source: each time limit names its own."""
    due, more, report = conferences(practice), others(practice), reports(practice)
    afterwards = [DeadlineKind.OUTLINE_PLAN, DeadlineKind.RECORD]
    following: dict[Milestone, list[tuple[str, Timescale]]] = {
        Milestone.STRATEGY_DISCUSSION_HELD: [(ConferenceKind.INITIAL, due[ConferenceKind.INITIAL])],
        Milestone.TRANSFER_NOTIFIED: [(ConferenceKind.TRANSFER_IN, due[ConferenceKind.TRANSFER_IN])],
        Milestone.INITIAL_CONFERENCE_PLANNED: [("report", report[ConferenceKind.INITIAL])],
        Milestone.REVIEW_CONFERENCE_PLANNED: [
            ("report", report[ConferenceKind.LATER_REVIEW]),
            (DeadlineKind.PREPARATION_CHECK, more[DeadlineKind.PREPARATION_CHECK]),
        ],
        Milestone.INITIAL_CONFERENCE_HELD: [
            (ConferenceKind.FIRST_REVIEW, due[ConferenceKind.FIRST_REVIEW]),
            *((kind, more[kind]) for kind in [DeadlineKind.CORE_GROUP, *afterwards]),
        ],
        Milestone.REVIEW_CONFERENCE_HELD: [
            (ConferenceKind.LATER_REVIEW, due[ConferenceKind.LATER_REVIEW]),
            *((kind, more[kind]) for kind in afterwards),
        ],
        Milestone.PLAN_STARTED: [],
    }
    owed = [Owed(str(kind), scale.due_on(event_on), scale.words()) for kind, scale in following[event]]
    if event is Milestone.PLAN_STARTED:
        kind = DeadlineKind.TWELVE_MONTH_DISCUSSION
        owed.append(Owed(kind, twelve_month_discussion_due_on(event_on), TWELVE_MONTH_RULE))
    return sorted(owed, key=lambda deadline: (deadline.due_on, deadline.kind))
