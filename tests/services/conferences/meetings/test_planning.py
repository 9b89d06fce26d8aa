"""Planning conferences: what each is, when it is due, who chairs it."""

from datetime import date, timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days, is_working_day, subtract_working_days
from tests.support.conferences.desk import JSON, Desk, coming_working_day, recent_working_day, working_days_ago


def next_weekend() -> date:
    """A Saturday to come."""
    day = clock.today() + timedelta(days=1)
    while day.weekday() != 5:
        day += timedelta(days=1)
    return day


async def test_a_conference_is_planned_for_siblings_with_the_due_date_of_each(desk: Desk) -> None:
    await desk.registered("P1", "P2")
    await desk.enquired("P1", on=working_days_ago(10))
    await desk.enquired("P2", on=working_days_ago(8))
    conference = await desk.planned("P1", "P2", on=coming_working_day(3), venue="Town Hall", minute_taker="Corin")
    first, second = conference["children"]
    assert (first["kind"], second["kind"]) == ("initial", "initial")
    assert first["due_on"] == add_working_days(working_days_ago(10), 15).isoformat()
    assert second["due_on"] == add_working_days(working_days_ago(8), 15).isoformat()
    assert "strategy discussion" in first["rule"]
    assert conference["chair_id"] == "chair-1"
    assert conference["report_due_on"] == subtract_working_days(coming_working_day(3), 2).isoformat()
    (owed,) = await desk.owed("P1")
    assert owed["conference_reference"] == conference["reference"] and owed["chair_id"] == "chair-1"
    (event,) = await desk.published("conference.planned")
    assert event["person_ids"] == ["P1", "P2"] and event["reference"] == conference["reference"]
    assert (await desk.get("/v1/children/P1/protection"))["chair_id"] == "chair-1"


async def test_the_due_date_stays_when_the_conference_moves(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(on=coming_working_day(3))
    moved = await desk.done(
        "PATCH",
        f"/v1/conferences/{conference['reference']}",
        {"planned_on": coming_working_day(9).isoformat()},
        version=1,
    )
    assert moved["children"][0]["due_on"] == conference["children"][0]["due_on"]
    assert moved["report_due_on"] == subtract_working_days(coming_working_day(9), 2).isoformat()


async def test_a_review_is_planned_from_when_the_last_was_held(desk: Desk) -> None:
    held = await desk.held()
    day = date.fromisoformat(held["held_on"])
    review = await desk.planned(on=coming_working_day(40))
    assert review["children"][0]["kind"] == "first_review"
    assert review["children"][0]["due_on"] == add_months(day, 3).isoformat()
    assert review["report_due_on"] == subtract_working_days(coming_working_day(40), 5).isoformat()
    (check,) = await desk.owed(kind="preparation_check")
    assert check["due_on"] == subtract_working_days(coming_working_day(40), 5)


async def test_a_child_of_eight_years_has_an_advocate_invited_unless_they_opted_out(desk: Desk) -> None:
    await desk.registered("P1", "P2")
    await desk.registered("P3", advocacy_opted_out_on="2020-01-01")
    await desk.registered("P4", born_on=clock.today().replace(year=clock.today().year - 3, day=1).isoformat())
    await desk.enquired("P1", "P2", "P3", "P4")
    conference = await desk.planned("P1", "P2", "P3", "P4")
    whole = await desk.get(f"/v1/conferences/{conference['reference']}")
    (advocate,) = whole["invitations"]
    assert advocate["automatic"] and advocate["invited_as"] == "advocate"
    assert advocate["person_ids"] == ["P1", "P2"]


async def test_the_same_key_plans_once(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    body = {"person_ids": ["P1"], "planned_on": coming_working_day(2).isoformat()}
    headers = {"Idempotency-Key": "plan-it-once"}
    first = await desk.ask("POST", "/v1/conferences", body, headers=headers)
    again = await desk.ask("POST", "/v1/conferences", body, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert len(await desk.rows("SELECT FROM conference")) == 1


async def test_a_second_one_is_refused_while_one_is_planned(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned()
    body = {"person_ids": ["P1"], "planned_on": coming_working_day(2).isoformat()}
    answer = await desk.ask("POST", "/v1/conferences", body)
    assert answer.status_code == 409
    assert answer.json()["references"] == [conference["reference"]]


WRONG: list[tuple[JSON, str, str]] = [
    ({"person_ids": ["P1", "P9"]}, "person_ids.1", "known_child"),
    ({"person_ids": ["P2"]}, "person_ids.0", "conference_due"),
    ({"planned_on": next_weekend().isoformat()}, "planned_on", "working_day"),
    ({"planned_on": working_days_ago(12).isoformat()}, "person_ids.0", "after_what_it_follows"),
    ({"chair_id": "worker-1"}, "chair_id", "colleague_role"),
    ({"chair_id": "gone"}, "chair_id", "in_directory"),
    ({"review_reference": "REV-2020-0001"}, "review_reference", "planned_review"),
    ({"due_on": "2020-01-01"}, "due_on", "extra_forbidden"),
    ({"person_ids": ["P1", "P1"]}, "person_ids", "value_error"),
]


@pytest.mark.parametrize(("change", "field", "rule"), WRONG, ids=[f"{f} {r}" for _, f, r in WRONG])
async def test_what_cannot_be_planned_is_refused(desk: Desk, change: JSON, field: str, rule: str) -> None:
    await desk.registered("P1", "P2")
    await desk.enquired("P1")
    body = {"person_ids": ["P1"], "planned_on": coming_working_day(2).isoformat()} | change
    answer = await desk.ask("POST", "/v1/conferences", body)
    assert answer.status_code == 422, answer.text
    assert (field, rule) in {(error["field"], error["rule"]) for error in answer.json()["errors"]}
    assert await desk.rows("SELECT FROM conference") == []


@pytest.mark.parametrize("who", ["social_worker_id", "supervisor_id", "manager_id"])
async def test_whoever_works_on_the_case_does_not_chair(desk: Desk, who: str) -> None:
    await desk.registered(**{who: "chair-2"})
    await desk.enquired()
    body = {"person_ids": ["P1"], "planned_on": coming_working_day(2).isoformat(), "chair_id": "chair-2"}
    answer = await desk.ask("POST", "/v1/conferences", body)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "independent")
    path = "/internal/children/P1/chairs"
    assert (await desk.ask("POST", path, {"chair_id": "chair-2"})).json()["errors"][0]["rule"] == "independent"


async def test_who_may_not_plan(desk: Desk) -> None:
    body = {"person_ids": ["P1"], "planned_on": coming_working_day(2).isoformat()}
    for role in (Role.SOCIAL_WORK_MANAGER, Role.PERFORMANCE_ANALYST, Role.ADMINISTRATOR):
        assert (await desk.ask("POST", "/v1/conferences", body, role=role)).status_code == 403


async def test_later_conferences_have_the_same_chair(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(chair_id="chair-2")
    assert (await desk.hold(conference)).status_code == 200
    review = await desk.planned(on=coming_working_day(30))
    assert review["chair_id"] == "chair-2"


async def test_a_conference_that_is_cancelled_leaves_what_was_due(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(on=coming_working_day(2))
    path = f"/v1/conferences/{conference['reference']}/cancel"
    cancelled = await desk.done("POST", path, {"reason": "The family is ill."}, version=1)
    assert cancelled["state"] == "cancelled" and cancelled["cancelled_on"] == clock.today().isoformat()
    (owed,) = await desk.owed()
    assert owed["kind"] == "conference" and owed["conference_reference"] is None
    assert (await desk.published("conference.cancelled"))[0]["version"] == 2
    again = await desk.ask("POST", path, {"reason": "Again."}, version=2)
    assert again.status_code == 409
    assert (await desk.planned(on=coming_working_day(3)))["reference"] != conference["reference"]


async def test_a_change_that_changes_nothing_is_told_to_nobody(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(on=coming_working_day(2), venue="Town Hall")
    path = f"/v1/conferences/{conference['reference']}"
    same = await desk.done("PATCH", path, {"venue": "Town Hall", "planned_on": conference["planned_on"]}, version=1)
    assert same["version"] == 1
    assert await desk.published("conference.moved") == []
    for address in ("http://meet.example.org/room", "https://", "https://meet.example.org/a room", 'https://a/"'):
        assert (await desk.ask("PATCH", path, {"join_link": address}, version=1)).status_code == 422, address
    cleared = await desk.done("PATCH", path, {"venue": None}, version=1)
    assert (cleared["venue"], cleared["version"]) == (None, 2)
    assert (await desk.ask("PATCH", path, {"venue": "X"}, version=1)).status_code == 412


async def test_another_chair_takes_over_all_of_a_conference(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(on=coming_working_day(2))
    await desk.invited(conference)
    path = f"/v1/conferences/{conference['reference']}"
    moved = await desk.done("PATCH", path, {"chair_id": "chair-2"}, version=2)
    assert moved["chair_id"] == moved["children"][0]["chair_id"] == "chair-2"
    assert {row["chair_id"] for row in await desk.rows("SELECT chair_id FROM invitation")} == {"chair-2"}
    busy = await desk.ask("PATCH", path, {"chair_id": "worker-1"}, version=3)
    assert busy.status_code == 422


async def test_reports_are_due_anew_when_the_day_moves(desk: Desk) -> None:
    await desk.held()
    conference = await desk.planned(on=coming_working_day(30))
    rows = await desk.invited(conference)
    assert {row["report_due_on"] for row in rows} == {subtract_working_days(coming_working_day(30), 5).isoformat()}
    path = f"/v1/conferences/{conference['reference']}"
    await desk.done("PATCH", path, {"planned_on": coming_working_day(20).isoformat()}, version=2)
    later = {
        row["report_due_on"] for row in await desk.rows("SELECT report_due_on FROM invitation WHERE report_expected")
    }
    assert later == {subtract_working_days(coming_working_day(20), 5)}
    (check,) = await desk.owed(kind="preparation_check")
    assert check["due_on"] == subtract_working_days(coming_working_day(20), 5)


async def test_the_advocate_follows_the_day_on_which_a_child_is_eight(desk: Desk) -> None:
    birthday = coming_working_day(10)
    await desk.registered(born_on=birthday.replace(year=birthday.year - 8).isoformat())
    await desk.enquired()
    conference = await desk.planned(on=coming_working_day(2))
    path = f"/v1/conferences/{conference['reference']}"
    assert (await desk.get(path))["invitations"] == []
    await desk.done("PATCH", path, {"planned_on": coming_working_day(12).isoformat()}, version=1)
    assert [invitation["automatic"] for invitation in (await desk.get(path))["invitations"]] == [True]
    await desk.done("PATCH", path, {"planned_on": coming_working_day(3).isoformat()}, version=2)
    (row,) = await desk.rows("SELECT withdrawn_on FROM invitation")
    assert row["withdrawn_on"] == clock.today()
    await desk.done("PATCH", path, {"planned_on": coming_working_day(13).isoformat()}, version=3)
    (row,) = await desk.rows("SELECT withdrawn_on FROM invitation")
    assert row["withdrawn_on"] is None


def test_the_days_of_these_tests_are_what_they_are_called() -> None:
    assert is_working_day(recent_working_day()) and not is_working_day(next_weekend())


SIBLINGS = """
    INSERT INTO chassis.child (person_id, area_id, disabilities, siblings, restricted, version)
    VALUES ('P2', 'north', '{}', '{P1}', false, 1)
    ON CONFLICT (person_id) DO UPDATE SET siblings = excluded.siblings
"""


async def test_a_sibling_on_a_plan_is_said_to_be_left_out(desk: Desk) -> None:
    await desk.held()
    await desk.registered("P2")
    await desk.enquired("P2")
    await desk.client.process.database.statements.rows(SIBLINGS)
    (warning,) = (await desk.planned("P2"))["warnings"]
    assert (warning["field"], warning["rule"]) == ("person_ids", "sibling_left_out")
    assert "P1" in warning["message"]
