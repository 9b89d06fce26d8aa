"""The timescale calculator: what an event sets running, by when and by which rule, about nobody."""

from datetime import date, timedelta

import pytest

from chassis.access.callers import OUTSIDE_ROLES, Role
from chassis.law.working_days import add_months, add_working_days, subtract_working_days
from chassis.meetings.vocabulary import TimescaleOut
from services.reviews.rules.timescales import Event
from services.reviews.rules.vocabulary import ReviewKind
from tests.support.reviews.office import JSON, Office

PATH = "/v1/deadlines/timescales/reviews"
# A day without anything special about it.
DAY = date(2019, 6, 4)
FOLLOWING: dict[str, dict[str, date]] = {
    "became_looked_after": {
        "allocation": add_working_days(DAY, 5),
        "first": add_working_days(DAY, 20),
        "visit": add_months(DAY, 6),
    },
    "short_breaks_began": {"short_break_first": add_months(DAY, 3)},
    "placed_in_secure_accommodation": {"secure_first": add_months(DAY, 1)},
    "adoption_authorised": {"adoption_authorised_first": add_months(DAY, 3)},
    "placed_for_adoption": {"adoption_placed_first": date(2019, 7, 2)},
    "returned_by_adopters": {"adoption_returned": DAY + timedelta(days=42)},
    "review_planned": {"social_worker_report": subtract_working_days(DAY, 3)},
    "review_adjourned": {"adjourned_meeting": add_working_days(DAY, 20)},
    "review_held": {
        "decisions": add_working_days(DAY, 5),
        "record": add_working_days(DAY, 15),
        "distribution": add_working_days(DAY, 20),
    },
    "decisions_received": {"manager_response": add_working_days(DAY, 5)},
    "child_visited": {"visit": add_months(DAY, 6)},
}
NEXT = {
    "first": ("second", 3),
    "second": ("later", 6),
    "later": ("later", 6),
    "short_break_first": ("short_break_later", 6),
    "short_break_later": ("short_break_later", 6),
    "adoption_authorised_first": ("adoption_authorised_later", 6),
    "adoption_authorised_later": ("adoption_authorised_later", 6),
    "adoption_placed_first": ("adoption_placed_second", 3),
    "adoption_placed_second": ("adoption_placed_later", 6),
    "adoption_placed_later": ("adoption_placed_later", 6),
    "secure_first": ("secure_later", 3),
    "secure_later": ("secure_later", 3),
    "adoption_returned": None,
    "disruption": None,
}
WORKED = [
    ("became_looked_after", None, "2019-04-01", "first", "2019-05-01"),
    ("review_held", "first", "2019-11-30", "second", "2020-02-29"),
    ("review_held", "second", "2018-08-31", "later", "2019-02-28"),
    ("placed_in_secure_accommodation", None, "2019-01-31", "secure_first", "2019-02-28"),
    ("review_held", None, "2020-03-02", "distribution", "2020-03-30"),
    ("review_held", None, "2019-12-19", "distribution", "2020-01-21"),
    # Christmas, Boxing Day and New Year's Day do not count.
    ("decisions_received", None, "2019-12-23", "manager_response", "2020-01-02"),
    # The early May holiday of 2020 was on Friday 8 May, not on Monday 4 May.
    ("decisions_received", None, "2020-05-01", "manager_response", "2020-05-11"),
    # The Queen's funeral and the King's coronation.
    ("decisions_received", None, "2022-09-14", "manager_response", "2022-09-22"),
    ("decisions_received", None, "2023-05-04", "manager_response", "2023-05-12"),
    # An event on a Saturday counts from the Monday.
    ("became_looked_after", None, "2019-06-01", "allocation", "2019-06-07"),
]


async def calculated(office: Office, event: str, on: date | str, kind: str | None = None) -> list[JSON]:
    """The calculator's answer."""
    query = {"event_on": str(on)} | ({"kind": kind} if kind else {})
    return list(await office.get(f"{PATH}/{event}", **query))


@pytest.mark.parametrize("event", list(Event))
async def test_every_event_sets_running_what_the_law_says(office: Office, event: str) -> None:
    found = await calculated(office, event, DAY)
    assert {row["kind"]: row["due_on"] for row in found} == {
        kind: day.isoformat() for kind, day in FOLLOWING[event].items()
    }
    assert [row["due_on"] for row in found] == sorted(row["due_on"] for row in found)
    for row in found:
        assert row.keys() == TimescaleOut.model_fields.keys()
        assert row["rule"].endswith(")"), "it names its source"


@pytest.mark.parametrize("kind", list(ReviewKind))
async def test_a_review_that_was_held_sets_the_next_of_its_sequence_running(office: Office, kind: str) -> None:
    after = {deadline["kind"]: deadline["due_on"] for deadline in await calculated(office, "review_held", DAY, kind)}
    expected = {name: day.isoformat() for name, day in FOLLOWING["review_held"].items()}
    following = NEXT[kind]
    if following is not None:
        expected[following[0]] = add_months(DAY, following[1]).isoformat()
    assert after == expected


@pytest.mark.parametrize(("event", "kind", "on", "due", "day"), WORKED)
async def test_the_worked_examples(office: Office, event: str, kind: str | None, on: str, due: str, day: str) -> None:
    assert {deadline["kind"]: deadline["due_on"] for deadline in await calculated(office, event, on, kind)}[due] == day


@pytest.mark.parametrize("role", sorted(OUTSIDE_ROLES))
async def test_whoever_is_signed_in_may_ask_and_nothing_is_written_down(office: Office, role: Role) -> None:
    answer = await office.ask("GET", f"{PATH}/review_held", role=role, params={"event_on": str(DAY)})
    assert answer.status_code == 200
    assert await office.rows("SELECT 1 FROM chassis.audit_entry") == []


async def test_nobody_who_is_not_signed_in_may_ask(office: Office) -> None:
    answer = await office.client.get(f"{PATH}/review_held", params={"event_on": str(DAY)})
    assert answer.status_code == 401


WRONG = [
    ("review_held", {}, "event_on"),
    ("review_held", {"event_on": "soon"}, "event_on"),
    ("review_held", {"event_on": "2019-02-29"}, "event_on"),
    ("review_held", {"event_on": "1554076800"}, "event_on"),
    ("review_held", {"event_on": "1066-10-14"}, "event_on"),
    ("review_held", {"event_on": "2019-04-01", "kind": "third"}, "kind"),
]


@pytest.mark.parametrize(("event", "query", "field"), WRONG)
async def test_a_question_that_makes_no_sense_is_refused_by_its_field(
    office: Office, event: str, query: dict[str, str], field: str
) -> None:
    answer = await office.ask("GET", f"{PATH}/{event}", params=query)
    assert list(office.problem(answer)) == [field]


async def test_an_event_that_there_is_not_is_at_no_address(office: Office) -> None:
    assert (await office.ask("GET", f"{PATH}/nothing", params={"event_on": "2019-04-01"})).status_code == 404


@pytest.mark.parametrize("event", list(Event))
@pytest.mark.parametrize("day", ["1901-01-01", "2028-12-29", "2999-12-31", "3000-01-01", "9999-12-31"])
async def test_no_day_that_is_taken_breaks_the_calculator(office: Office, event: str, day: str) -> None:
    answer = await office.ask("GET", f"{PATH}/{event}", params={"event_on": day})
    assert answer.status_code == (200 if day < "3000" else 422)
