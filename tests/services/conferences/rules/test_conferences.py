"""What may be so about a conference, by tables and for whatever days there are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.law.participation import Attendance
from chassis.law.working_days import add_months, is_working_day
from services.conferences.rules.conferences import (
    Present,
    Requested,
    chair_violation,
    conference_due,
    day_violation,
    is_in_time,
    is_quorate,
    outcome_violation,
    possible_outcomes,
    quorum_violation,
    reason_to_escalate,
    report_timing,
)
from services.conferences.rules.timescales import CONFERENCES, Practice
from services.conferences.rules.vocabulary import (
    Category,
    ConferenceKind,
    Outcome,
    ProposalReason,
    ReportTiming,
    RequestKind,
)

DAYS = st.dates(date(2014, 1, 1), date(2027, 1, 1))
BORN = date(2010, 1, 1)
HELD = date(2020, 1, 6)


@given(DAYS, st.lists(st.integers(1, 900), max_size=5))
def test_a_plan_is_reviewed_after_three_months_and_then_every_six(started: date, gaps: list[int]) -> None:
    reviewed: list[date] = []
    for gap in gaps:
        reviewed.append((reviewed[-1] if reviewed else started) + timedelta(days=gap))
    due = conference_due(Requested(RequestKind.SECTION_47_ENQUIRY, started), started, reviewed)
    assert due is not None
    assert due.kind is (ConferenceKind.LATER_REVIEW if reviewed else ConferenceKind.FIRST_REVIEW)
    assert due.event_on == (reviewed[-1] if reviewed else started)
    assert due.due_on == add_months(due.event_on, 6 if reviewed else 3)
    assert "Working Together" in due.rule


@given(DAYS, st.sampled_from(RequestKind))
def test_without_a_plan_what_asks_for_a_conference_is_due(event: date, kind: RequestKind) -> None:
    due = conference_due(Requested(kind, event), None, [])
    assert due is not None
    wanted = ConferenceKind.INITIAL if kind is RequestKind.SECTION_47_ENQUIRY else ConferenceKind.TRANSFER_IN
    assert (due.kind, due.event_on) == (wanted, event)
    assert due.due_on == CONFERENCES[wanted].due_on(event) > event


def test_nothing_is_due_for_nothing() -> None:
    assert conference_due(None, None, []) is None


def test_in_time_is_until_the_last_day() -> None:
    assert is_in_time(HELD, HELD)
    assert not is_in_time(HELD - timedelta(days=1), HELD)


@given(DAYS, st.sampled_from(ConferenceKind))
def test_an_initial_conference_is_on_a_working_day(day: date, kind: ConferenceKind) -> None:
    refused = day_violation("planned_on", kind, day)
    initial = kind in {ConferenceKind.INITIAL, ConferenceKind.TRANSFER_IN}
    assert (refused is not None) is (initial and not is_working_day(day))


def test_who_works_on_the_case_does_not_chair() -> None:
    assert chair_violation("worker-1", {"worker-1", None}) is not None
    assert chair_violation("chair-1", {"worker-1", None}) is None


@pytest.mark.parametrize(
    ("outcome", "category", "on_plan", "born_on", "wrong"),
    [
        (Outcome.PLAN_MADE, Category.NEGLECT, False, BORN, None),
        (Outcome.PLAN_MADE, Category.NEGLECT, False, None, None),
        (Outcome.NOT_MADE, None, False, BORN, None),
        (Outcome.CONTINUES, None, True, BORN, None),
        (Outcome.CONTINUES, Category.MULTIPLE, True, BORN, None),
        (Outcome.ENDED, None, True, BORN, None),
        (Outcome.PLAN_MADE, None, False, BORN, ("category", "required")),
        (Outcome.NOT_MADE, Category.NEGLECT, False, BORN, ("category", "plans_only")),
        (Outcome.ENDED, Category.NEGLECT, True, BORN, ("category", "plans_only")),
        (Outcome.PLAN_MADE, Category.NEGLECT, True, BORN, ("outcome", "fits_the_plan")),
        (Outcome.CONTINUES, None, False, BORN, ("outcome", "fits_the_plan")),
        (Outcome.PLAN_MADE, Category.NEGLECT, False, date(2002, 1, 6), ("outcome", "under_18")),
        (Outcome.PLAN_MADE, Category.NEGLECT, False, date(2002, 1, 7), None),
        (Outcome.ENDED, None, True, date(2002, 1, 6), None),
    ],
)
def test_what_is_decided_fits_the_child(
    outcome: Outcome, category: Category | None, on_plan: bool, born_on: date | None, wrong: tuple[str, str] | None
) -> None:
    refused = outcome_violation(outcome, category, on_plan=on_plan, born_on=born_on, held_on=HELD)
    assert (refused and (refused.field, refused.rule)) == wrong


def test_every_outcome_is_possible_for_somebody_and_none_for_everybody() -> None:
    assert possible_outcomes(on_plan=True) | possible_outcomes(on_plan=False) == set(Outcome)
    assert not possible_outcomes(on_plan=True) & possible_outcomes(on_plan=False)


CARE = Present("care", "social-worker")
GP, NURSE = Present("practice", "gp"), Present("trust", "health-visitor")
SCHOOL, POLICE = Present("school", "safeguarding-lead"), Present("police", "police-officer")


@pytest.mark.parametrize(
    ("present", "quorate", "health_is_one"),
    [
        ([], False, False),
        ([CARE], False, False),
        ([CARE, SCHOOL], False, False),
        ([SCHOOL, POLICE, GP], False, False),
        ([CARE, SCHOOL, POLICE], True, True),
        ([CARE, GP, NURSE], True, False),
        ([CARE, GP, NURSE, SCHOOL], True, True),
        ([CARE, SCHOOL, Present("school", "teacher")], False, False),
        ([CARE, Present("care", "family-support"), SCHOOL], False, False),
    ],
)
def test_social_care_and_two_other_agencies_are_a_quorum(
    present: list[Present], quorate: bool, health_is_one: bool
) -> None:
    assert is_quorate(present) is quorate
    assert is_quorate(present, Practice(health_is_one_agency=True)) is health_is_one


def test_without_a_quorum_the_chair_says_why() -> None:
    assert quorum_violation(quorate=True, because=None) is None
    assert quorum_violation(quorate=False, because="Snow.") is None
    refused = quorum_violation(quorate=False, because=None)
    assert refused is not None and refused.field == "inquorate_because"


@pytest.mark.parametrize(
    ("expected", "received", "timing"),
    [
        (True, HELD, ReportTiming.IN_TIME),
        (True, HELD + timedelta(days=1), ReportTiming.LATE),
        (True, None, ReportTiming.NONE),
        (False, None, ReportTiming.NOT_EXPECTED),
        (False, HELD, ReportTiming.IN_TIME),
    ],
)
def test_how_a_report_came(expected: bool, received: date | None, timing: ReportTiming) -> None:
    due_on = HELD if expected else None
    assert report_timing(expected=expected, due_on=due_on, received_on=received) is timing


@pytest.mark.parametrize(
    ("missing", "attendance", "reason"),
    [
        (True, Attendance.NEITHER, ProposalReason.NO_REPORT_NO_APOLOGIES),
        (True, Attendance.APOLOGIES, ProposalReason.NO_REPORT_SENT_APOLOGIES),
        (True, Attendance.ATTENDED, ProposalReason.NO_REPORT_ATTENDED),
        (False, Attendance.NEITHER, ProposalReason.NO_APOLOGIES),
        (False, Attendance.APOLOGIES, None),
        (False, Attendance.ATTENDED, None),
    ],
)
def test_the_reason_follows_from_report_and_attendance(
    missing: bool, attendance: Attendance, reason: ProposalReason | None
) -> None:
    assert reason_to_escalate(report_missing=missing, attendance=attendance) is reason
