"""What may be so about a conference, and about a child's part in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.law.ages import is_adult
from chassis.law.participation import Attendance
from chassis.law.violations import Violation
from chassis.law.working_days import is_working_day
from services.conferences.rules.timescales import USUAL, Practice, conferences
from services.conferences.rules.vocabulary import (
    INITIAL_KINDS,
    Category,
    ConferenceKind,
    Outcome,
    ProposalReason,
    ReportTiming,
    RequestKind,
)


@dataclass(frozen=True)
class Requested:
    """A section 47 enquiry or a transfer that a conference is to answer, and the day from which that is counted."""

    kind: RequestKind
    event_on: date


@dataclass(frozen=True)
class ConferenceDue:
    """A conference that is due for a child: of which kind, until when, counted from which day, by which rule."""

    kind: ConferenceKind
    event_on: date
    due_on: date
    rule: str


def enquiry_counted_from(started_on: date, strategy_discussion_on: date | None) -> date:
    """The day from which an enquiry's conference is counted: the strategy discussion, or the day on which it began.

    An enquiry without a recorded discussion counts from its start. Source: Working Together to Safeguard Children 2026;
    children in need census 2026 to 2027, S47ActualStartDate.
    """
    return strategy_discussion_on or started_on


def conference_due(
    requested: Requested | None,
    plan_started_on: date | None,
    reviewed_on: Sequence[date],
    practice: Practice = USUAL,
) -> ConferenceDue | None:
    """Which conference is due next for a child, if any is.

    While a plan runs: the first review 3 months after the initial conference, on whose day the plan started, and each
    later one 6 months after the one before. Without a plan: what an enquiry or a transfer asks for, 15 working days
    after the strategy discussion (where none is recorded, the enquiry's start) or the notification. Source: Working
    Together to Safeguard Children 2026.
    """
    if plan_started_on is not None:
        kind = ConferenceKind.LATER_REVIEW if reviewed_on else ConferenceKind.FIRST_REVIEW
        event_on = max(reviewed_on, default=plan_started_on)
    elif requested is not None:
        is_transfer = requested.kind is RequestKind.TRANSFER_IN
        kind = ConferenceKind.TRANSFER_IN if is_transfer else ConferenceKind.INITIAL
        event_on = requested.event_on
    else:
        return None
    scale = conferences(practice)[kind]
    return ConferenceDue(kind, event_on, scale.due_on(event_on), scale.words())


def is_in_time(due_on: date, held_on: date) -> bool:
    """Whether a conference was held when it was due or before. Source: Working Together to Safeguard Children 2026."""
    return held_on <= due_on


def day_violation(field: str, kind: ConferenceKind, day: date) -> Violation | None:
    """Why a conference cannot be on a day, if it cannot: an initial one is on a working day.

    Source: children in need census 2026 to 2027, DateOfInitialCPC: never on a weekend; bank holidays by common
    practice.
    """
    if kind in INITIAL_KINDS and not is_working_day(day):
        return Violation(field, "working_day", f"An initial conference must be on a working day, and {day} is not.")
    return None


def chair_violation(chair_id: str, managing: Collection[str | None]) -> Violation | None:
    """Why somebody cannot chair a child's conference, if they cannot: they work on the case or manage it.

    Source: Working Together to Safeguard Children 2026: the chair is independent of operational responsibility.
    """
    if chair_id in managing:
        message = (
            "A chair does not work on the child's case or manage it (Working Together to Safeguard Children 2026)."
        )
        return Violation("chair_id", "independent", message)
    return None


def possible_outcomes(*, on_plan: bool) -> frozenset[Outcome]:
    """What a conference can decide for a child: to make a plan or not, or whether the one there is goes on.

    Source: Working Together to Safeguard Children 2026.
    """
    return frozenset({Outcome.CONTINUES, Outcome.ENDED} if on_plan else {Outcome.PLAN_MADE, Outcome.NOT_MADE})


def outcome_violation(
    outcome: Outcome, category: Category | None, *, on_plan: bool, born_on: date | None, held_on: date
) -> Violation | None:
    """Why a conference cannot have decided so for a child, if it cannot.

    A plan has a category from its beginning, and no plan starts or goes on from the 18th birthday.
    Source: Working Together to Safeguard Children 2026; children in need census 2026 to 2027.
    """
    possible = possible_outcomes(on_plan=on_plan)
    if outcome not in possible:
        words = ", ".join(sorted(possible))
        return Violation("outcome", "fits_the_plan", f"The child has {'a' if on_plan else 'no'} plan: {words}.")
    if outcome is Outcome.PLAN_MADE and category is None:
        return Violation("category", "required", "A plan must have a category of abuse.")
    if category is not None and outcome not in {Outcome.PLAN_MADE, Outcome.CONTINUES}:
        return Violation("category", "plans_only", "Only a plan that is made or continues has a category.")
    if outcome in {Outcome.PLAN_MADE, Outcome.CONTINUES} and is_adult(born_on, held_on):
        return Violation("outcome", "under_18", "A child protection plan cannot run past the 18th birthday.")
    return None


@dataclass(frozen=True)
class Present:
    """A professional who attended: for which agency, and in which role of it."""

    agency_id: str
    agency_role: str


def is_quorate(present: Sequence[Present], practice: Practice = USUAL) -> bool:
    """Whether a conference has its quorum: children's social care and at least two other agencies.

    Observers and the family are not among those who count; where the council's setting says so, all of health is one
    agency. Source: common practice of safeguarding partnerships.
    """
    social_care = {person.agency_id for person in present if person.agency_role in practice.social_care_roles}
    others = {
        "health" if practice.health_is_one_agency and person.agency_role in practice.health_roles else person.agency_id
        for person in present
        if person.agency_role not in practice.social_care_roles and person.agency_id not in social_care
    }
    return bool(social_care) and len(others) >= practice.quorum_other_agencies


def quorum_violation(*, quorate: bool, because: str | None) -> Violation | None:
    """Why a conference cannot have been held so, if it cannot: without a quorum the chair says why it went on.

    Source: common practice of safeguarding partnerships.
    """
    if not quorate and not because:
        message = "Children's social care and two other agencies were not all there: enter why it went ahead."
        return Violation("inquorate_because", "quorum", message)
    return None


def report_timing(*, expected: bool, due_on: date | None, received_on: date | None) -> ReportTiming:
    """How a professional's report came: in time, late, or not at all. Source: common practice."""
    if received_on is not None:
        return ReportTiming.LATE if due_on is not None and received_on > due_on else ReportTiming.IN_TIME
    return ReportTiming.NONE if expected else ReportTiming.NOT_EXPECTED


def reason_to_escalate(*, report_missing: bool, attendance: Attendance) -> ProposalReason | None:
    """The reason to escalate a professional's contribution to a conference; none where there is nothing to escalate.

    `report_missing`: it was expected and did not come. Source: local practice; "no report and no apologies" is by far
    the most frequent.
    """
    if not report_missing:
        return ProposalReason.NO_APOLOGIES if attendance is Attendance.NEITHER else None
    return {
        Attendance.NEITHER: ProposalReason.NO_REPORT_NO_APOLOGIES,
        Attendance.APOLOGIES: ProposalReason.NO_REPORT_SENT_APOLOGIES,
        Attendance.ATTENDED: ProposalReason.NO_REPORT_ATTENDED,
    }[attendance]
