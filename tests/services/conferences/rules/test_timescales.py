"""When each thing is due, against worked examples, and as the calculator answers it."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.access.callers import Role
from chassis.law.deadlines import DeadlineKind
from chassis.law.working_days import add_months, is_working_day, working_days_between
from services.conferences.rules.timescales import (
    CONFERENCES,
    OTHERS,
    REPORTS,
    Milestone,
    Practice,
    conferences,
    others,
    owed_after,
    report_due_on,
    reports,
    twelve_month_discussion_due_on,
)
from services.conferences.rules.vocabulary import ConferenceKind
from tests.support.conferences.desk import Desk

DAYS = st.dates(date(2014, 1, 1), date(2028, 6, 30))
KINDS = st.lists(st.sampled_from(ConferenceKind), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("kind", "event", "due"),
    [
        (ConferenceKind.INITIAL, "2019-12-12", "2020-01-07"),
        (ConferenceKind.INITIAL, "2022-05-25", "2022-06-17"),
        (ConferenceKind.FIRST_REVIEW, "2019-11-30", "2020-02-29"),
        (ConferenceKind.LATER_REVIEW, "2019-08-31", "2020-02-29"),
        (ConferenceKind.TRANSFER_IN, "2019-12-12", "2020-01-07"),
        (DeadlineKind.CORE_GROUP, "2019-12-19", "2020-01-07"),
        (DeadlineKind.OUTLINE_PLAN, "2019-12-24", "2019-12-27"),
        (DeadlineKind.RECORD, "2019-12-12", "2020-01-07"),
        (DeadlineKind.PREPARATION_CHECK, "2020-01-03", "2019-12-24"),
    ],
)
def test_the_worked_deadlines(kind: ConferenceKind | DeadlineKind, event: str, due: str) -> None:
    scale = CONFERENCES[kind] if isinstance(kind, ConferenceKind) else OTHERS[kind]
    assert scale.due_on(date.fromisoformat(event)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("kinds", "planned", "due"),
    [
        ([ConferenceKind.INITIAL], "2020-01-06", "2020-01-02"),
        ([ConferenceKind.TRANSFER_IN], "2020-01-06", "2020-01-02"),
        ([ConferenceKind.FIRST_REVIEW], "2020-01-06", "2019-12-27"),
        ([ConferenceKind.LATER_REVIEW], "2020-01-06", "2019-12-27"),
        ([ConferenceKind.INITIAL, ConferenceKind.LATER_REVIEW], "2020-01-06", "2019-12-27"),
    ],
)
def test_reports_come_before_the_meeting(kinds: Sequence[ConferenceKind], planned: str, due: str) -> None:
    assert report_due_on(kinds, date.fromisoformat(planned)) == date.fromisoformat(due)


@given(KINDS, DAYS)
def test_a_report_is_due_when_the_strictest_of_the_meetings_wants_it(kinds: list[ConferenceKind], day: date) -> None:
    found = report_due_on(kinds, day)
    assert found < day
    assert found == min(REPORTS[kind].due_on(day) for kind in kinds)


@given(DAYS)
def test_a_discussion_is_held_while_the_plan_is_younger_than_twelve_months(started: date) -> None:
    due = twelve_month_discussion_due_on(started)
    assert started < due < add_months(started, 12)
    assert due + timedelta(days=1) == add_months(started, 12)


@given(DAYS)
def test_nothing_is_due_before_its_event_but_what_prepares_it(event: date) -> None:
    for kind, scale in (
        CONFERENCES | {k: v for k, v in OTHERS.items() if k is not DeadlineKind.PREPARATION_CHECK}
    ).items():
        due = scale.due_on(event)
        assert due > event, kind
        if scale.unit == "working_days":
            assert is_working_day(due)
            assert working_days_between(event, due) == scale.count


def test_a_councils_practice_says_what_varies_and_the_guidance_what_does_not() -> None:
    practice = Practice(transfer_in=10, outline_plan=3, record=20, report_before_initial=1, preparation_check=2)
    day = date(2020, 1, 6)
    assert conferences(practice)[ConferenceKind.TRANSFER_IN].due_on(day) == date(2020, 1, 20)
    assert conferences(practice)[ConferenceKind.INITIAL] == CONFERENCES[ConferenceKind.INITIAL]
    assert others(practice)[DeadlineKind.OUTLINE_PLAN].due_on(day) == date(2020, 1, 9)
    assert others(practice)[DeadlineKind.RECORD].due_on(day) == date(2020, 2, 3)
    assert others(practice)[DeadlineKind.CORE_GROUP] == OTHERS[DeadlineKind.CORE_GROUP]
    assert others(practice)[DeadlineKind.PREPARATION_CHECK].due_on(day) == date(2020, 1, 2)
    assert reports(practice)[ConferenceKind.INITIAL].due_on(day) == date(2020, 1, 3)


@pytest.mark.parametrize(
    ("event", "kinds"),
    [
        (Milestone.STRATEGY_DISCUSSION_HELD, ["initial"]),
        (Milestone.TRANSFER_NOTIFIED, ["transfer_in"]),
        (Milestone.INITIAL_CONFERENCE_PLANNED, ["report"]),
        (Milestone.REVIEW_CONFERENCE_PLANNED, ["preparation_check", "report"]),
        (Milestone.INITIAL_CONFERENCE_HELD, ["outline_plan", "core_group", "record", "first_review"]),
        (Milestone.REVIEW_CONFERENCE_HELD, ["outline_plan", "record", "later_review"]),
        (Milestone.PLAN_STARTED, ["twelve_month_discussion"]),
    ],
)
async def test_the_calculator_answers_all_that_follows_with_its_rule(
    desk: Desk, event: Milestone, kinds: list[str]
) -> None:
    answered = await desk.get(
        f"/v1/deadlines/timescales/conferences/{event}", event_on="2019-12-12", role=Role.BUSINESS_SUPPORT
    )
    assert [deadline["kind"] for deadline in answered] == kinds
    assert [date.fromisoformat(deadline["due_on"]) for deadline in answered] == [
        deadline.due_on for deadline in owed_after(event, date(2019, 12, 12))
    ]
    assert all("(" in deadline["rule"] for deadline in answered)


async def test_the_calculator_refuses_what_it_cannot_count_from(desk: Desk) -> None:
    path = "/v1/deadlines/timescales/conferences/plan_started"
    for day in ("9999-12-31", "1850-01-01", "tomorrow"):
        answer = await desk.ask("GET", path, params={"event_on": day})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "event_on"
