"""Figures of conferences: every number of every table is what somebody counts by hand from an invented history."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.access.callers import Role
from chassis.base import clock
from services.conferences.contributions.models import Invitation
from services.conferences.meetings.models import ChildConference
from tests.support.conferences.counting import KINDS, PATH, SHAPES, Key, label, rate, rows_of, shown, two_years
from tests.support.conferences.desk import JSON, Desk
from tests.support.conferences.invented import CHILDREN, FIRST, HISTORY, LAST, MEETINGS, YEARS, all_of
from tests.support.conferences.kept import a_child, a_conference, a_part, forget, keep

TOOK_PART = {"PN1", "PN2", "PN3", "PN5", "PN6"}


def staged(name: str, parts: Sequence[ChildConference], done: str, due: str) -> JSON:
    """How many meetings did something in time, and how many late or not at all though it was due."""
    meetings = [MEETINGS[conference_id] for conference_id in {part.conference_id for part in parts}]
    days = [
        (getattr(meeting, done), getattr(meeting, due)) for meeting in meetings if getattr(meeting, due) is not None
    ]
    late = [due_on for done_on, due_on in days if (done_on or clock.today()) > due_on]
    punctual = [due_on for done_on, due_on in days if done_on is not None and done_on <= due_on]
    return {f"{name}_in_time": len(punctual), f"{name}_late": len(late)}


def parents(parts: Sequence[ChildConference]) -> JSON:
    """How many mothers and fathers of these children were invited to these meetings, and came."""
    about = {(part.conference_id, part.person_id) for part in parts}
    asked = [
        invitation
        for invitation in all_of(Invitation)
        if invitation.withdrawn_on is None
        and any((invitation.conference_id, person_id) in about for person_id in invitation.person_ids)
    ]
    found: JSON = {}
    for who in ("mother", "father"):
        invited = [invitation for invitation in asked if invitation.relationship == who]
        found[f"{who}s_invited"] = len(invited)
        found[f"{who}s_attended"] = sum(invitation.attendance == "attended" for invitation in invited)
    return found


def counted(key: str | None, parts: Sequence[ChildConference], from_age: int = 4) -> JSON:
    """A row as somebody would count it by hand."""
    meetings = [MEETINGS[conference_id] for conference_id in {part.conference_id for part in parts}]
    of_age = [part for part in parts if part.age is not None and part.age >= from_age]
    took_part = [part for part in of_age if part.participation in TOOK_PART]
    punctual = [part for part in parts if part.held_on is not None and part.held_on <= part.due_on]
    outcomes = [part.outcome for part in parts]
    return {
        "key": key,
        "conferences": len(meetings),
        "child_conferences": len(parts),
        "children": len({part.person_id for part in parts}),
        "initial": sum(part.kind == "initial" for part in parts),
        "transfer_in": sum(part.kind == "transfer_in" for part in parts),
        "reviews": sum(part.kind in {"first_review", "later_review"} for part in parts),
        "in_time": len(punctual),
        "late": len(parts) - len(punctual),
        "timeliness": rate(len(punctual), len(parts)),
        "unborn": sum(part.held_on < CHILDREN[part.person_id].born_on for part in parts),
        **{f"pn{code}": sum(part.participation == f"PN{code}" for part in parts) for code in range(8)},
        "of_age": len(of_age),
        "participated": len(took_part),
        "participation": rate(len(took_part), len(of_age)),
        "attended": sum(part.attended is True for part in parts),
        "advocate": sum(part.advocate is True for part in parts),
        "children_with_advocate": len(
            {part.person_id for part in parts if part.advocate or part.participation in {"PN2", "PN5"}}
        ),
        "plans_made": outcomes.count("plan_made"),
        "plans_not_made": outcomes.count("not_made"),
        "plans_continued": outcomes.count("continues"),
        "plans_ended": outcomes.count("ended"),
        "quorate": sum(meeting.quorate is True for meeting in meetings),
        "inquorate": sum(meeting.quorate is False for meeting in meetings),
        "combined": sum(meeting.review_reference is not None for meeting in meetings),
        **staged("outline_plans", parts, "outline_plan_on", "outline_plan_due_on"),
        **staged("records", parts, "record_on", "record_due_on"),
        **parents(parts),
    }


def band(part: ChildConference) -> str:
    """The age band of a child at a conference."""
    if part.age is None:
        return "unborn"
    return next(
        name for last, name in ((0, "0"), (4, "1-4"), (9, "5-9"), (15, "10-15"), (17, "16-17")) if part.age <= last
    )


PERIODS = {str(kind): label(kind, lambda part: part.held_on) for kind in KINDS}
KEYS: dict[str, Key] = PERIODS | {
    "kind": lambda part: part.kind,
    "chair": lambda part: part.chair_id,
    "area": lambda part: part.area_id,
    "team": lambda part: part.team or "none",
    "category": lambda part: part.category or "none",
    "age_band": band,
    "participation": lambda part: part.participation or "unborn",
}
FILTERS: list[tuple[JSON, Callable[[ChildConference], bool]]] = [
    ({}, lambda _: True),
    ({"area_id": "south"}, lambda part: part.area_id == "south"),
    ({"chair_id": "chair-2"}, lambda part: part.chair_id == "chair-2"),
    ({"team": "Team 1"}, lambda part: part.team == "Team 1"),
    ({"area_id": "west"}, lambda _: False),
]


async def test_every_number_about_conferences_is_what_one_counts_by_hand(desk: Desk) -> None:
    await keep(desk, HISTORY)
    parts = all_of(ChildConference)
    within_years = [part for part in parts if FIRST <= part.held_on <= LAST]
    assert len(within_years) < len(parts), "some lie before and after"
    for query, is_wanted in FILTERS:
        wanted = [part for part in within_years if is_wanted(part)]
        for by, key_of in KEYS.items():
            *rows, total = await two_years(desk, by=by, **query)
            assert shown([total]) == [counted(None, wanted)]
            keys = sorted({key_of(part) for part in wanted})
            expected = [counted(key, [part for part in wanted if key_of(part) == key]) for key in keys]
            assert shown([row for row in rows if row["child_conferences"]]) == expected
            assert all(row["cumulative"] is None for row in rows) or by in PERIODS


@pytest.mark.parametrize("from_age", [0, 5, 12, 17])
async def test_the_age_from_which_participation_is_told_changes_only_that(desk: Desk, from_age: int) -> None:
    await keep(desk, HISTORY)
    wanted = [part for part in all_of(ChildConference) if FIRST <= part.held_on <= LAST]
    rows = await two_years(desk, by="financial_year", participation_age=from_age)
    assert shown(rows[-1:]) == [counted(None, wanted, from_age)]
    answer = await desk.get(PATH, period=YEARS[0], participation_age=from_age)
    assert answer["participation_age"] == from_age
    assert (await desk.get(PATH, period=YEARS[0]))["participation_age"] == 4


MEETING = st.tuples(st.dates(date(2019, 1, 1), date(2019, 12, 31)), st.sets(st.integers(1, 6), min_size=1, max_size=3))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.lists(MEETING, max_size=25))
async def test_monthly_and_cumulative_tables_cannot_disagree(desk: Desk, held: list[tuple[date, set[int]]]) -> None:
    await forget(desk)
    rows: list[Any] = [a_child(f"P{number}") for number in range(1, 7)]
    for number, (day, about) in enumerate(held):
        meeting = a_conference(number, day, [f"P{number}" for number in sorted(about)])
        rows += [meeting, *(a_part(meeting, person_id) for person_id in meeting.person_ids)]
    await keep(desk, rows)
    *months, total = await rows_of(desk, period="2019", by="month")
    for name, up_to in (("child_conferences", "cumulative"), ("conferences", "cumulative_conferences")):
        assert [row[up_to] for row in months] == [
            sum(row[name] for row in months[: number + 1]) for number in range(12)
        ]
        assert months[-1][up_to] == total[name]
    by_hand = [[about for day, about in held if day.month == month] for month in range(1, 13)]
    assert [row["conferences"] for row in months] == [len(conferences) for conferences in by_hand]
    assert [row["child_conferences"] for row in months] == [
        sum(len(about) for about in conferences) for conferences in by_hand
    ]
    assert [row["children"] for row in months] == [len(set().union(*conferences)) for conferences in by_hand]
    assert total["children"] == len(set().union(*(about for _, about in held)))
    for by in ("quarter", "calendar_year"):
        *others, same = await rows_of(desk, period="2019", by=by)
        assert same == total
        assert others[-1]["cumulative_conferences"] == total["conferences"]
        assert sum(row["child_conferences"] for row in others) == total["child_conferences"]


WRONG: list[tuple[str, JSON, str]] = [
    ("", {"period": "2019-04", "by": "quarter"}, "by"),
    ("", {"period": "2019", "by": "half"}, "by"),
    ("", {"period": "2019", "by": "child"}, "by"),
    ("", {"period": "soon"}, "period"),
    ("", {"by": "month"}, "period"),
    ("", {"period": "2019-20", "until": "2018-19"}, "until"),
    ("", {"period": "2019-20", "until": "later"}, "until"),
    ("", {"period": "2019", "participation_age": "18"}, "participation_age"),
    ("/plans", {}, "period"),
    ("/plans", {"period": "2019", "on": "2019-01-01"}, "on"),
    ("/plans", {"until": "2019", "on": "2019-01-01"}, "on"),
    ("/plans", {"on": "2019-01-01", "by": "month"}, "by"),
    ("/plans", {"period": "2019", "by": "day"}, "by"),
    ("/plans", {"period": "2019", "by": "half"}, "by"),
    ("/plans", {"on": "soon"}, "on"),
    ("/contributions", {"period": "2019-04", "by": "quarter"}, "by"),
    ("/contributions", {"period": "2019", "by": "professional"}, "by"),
    ("/activity", {"period": "2019-04", "by": "quarter"}, "by"),
]


@pytest.mark.parametrize(("which", "query", "field"), WRONG)
async def test_a_wrong_question_is_refused_by_its_field(desk: Desk, which: str, query: JSON, field: str) -> None:
    answer = await desk.ask("GET", PATH + which, params=query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_no_year_that_has_a_name_breaks_a_table(desk: Desk) -> None:
    await keep(desk, HISTORY)
    for period in ("9999", "9999-12", "9999-Q3", "9998-99", "1901", "0001"):
        for which in SHAPES:
            answer = await desk.ask("GET", PATH + which, params={"period": period})
            assert answer.status_code in {200, 422}, (period, which)


@pytest.mark.parametrize("which", SHAPES)
async def test_figures_are_for_analysts_and_not_for_social_work_managers(desk: Desk, which: str) -> None:
    query = {"period": "2019"}
    refused = await desk.ask("GET", PATH + which, role=Role.SOCIAL_WORK_MANAGER, params=query)
    assert refused.status_code == 403
    of_a_service = await desk.ask("GET", PATH + which, role=Role.SERVICE, params=query)
    assert of_a_service.status_code == 200, "reports have them all"
