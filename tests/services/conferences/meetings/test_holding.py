"""Holding conferences: how it went, what was decided, and what is due from now on."""

from datetime import date, timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days
from tests.support.conferences.desk import (
    GP,
    HEALTH_VISITOR,
    JSON,
    MOTHER,
    OBSERVER,
    SCHOOL,
    SOCIAL_WORKER,
    Desk,
    coming_working_day,
    recent_working_day,
    working_days_ago,
)

THREE_YEARS = clock.today().replace(year=clock.today().year - 3, day=1).isoformat()


async def test_a_plan_is_made_and_everything_that_follows_is_due_at_once(desk: Desk) -> None:
    held = await desk.held("P1", "P2", invite=[SOCIAL_WORKER, GP, SCHOOL])
    day = recent_working_day()
    assert held["state"] == "held" and held["quorate"] is True and held["inquorate_because"] is None
    assert held["outline_plan_due_on"] == add_working_days(day, 1).isoformat()
    assert held["record_due_on"] == add_working_days(day, 15).isoformat()
    for child in held["children"]:
        assert child["in_time"] and child["age"] == 10 and child["category"] == "NEG"
        assert child["next_due_on"] == add_months(day, 3).isoformat()
    child = await desk.get("/v1/children/P1/protection")
    assert (child["plan_since"], child["category"]) == (day.isoformat(), "NEG")
    (plan,) = child["plans"]
    assert plan["starts_on"] == day.isoformat() and plan["started_by"] == held["reference"]
    assert (plan["initial_category"], plan["latest_category"], plan["previous_plans"]) == ("NEG", "NEG", 0)
    owed = {row["kind"]: row["due_on"] for row in await desk.owed()}
    due = add_months(day, 3)
    assert owed == {
        "outline_plan": add_working_days(day, 1),
        "core_group": add_working_days(day, 10),
        "record": add_working_days(day, 15),
        "midway_check": day + (due - day) // 2,
        "conference": due,
        "twelve_month_discussion": add_months(day, 12) - timedelta(days=1),
    }
    assert [event["person_id"] for event in await desk.published("protection_plan.started")] == ["P1", "P2"]
    assert (await desk.published("conference.held"))[0]["person_ids"] == ["P1", "P2"]


async def test_no_plan_is_made_and_nothing_more_is_due_but_the_record(desk: Desk) -> None:
    held = await desk.held(children=[desk.outcome(outcome="not_made", category=None)])
    assert held["outline_plan_due_on"] is None
    (owed,) = await desk.owed()
    assert (owed["kind"], owed["chair_id"], owed["owner_id"]) == ("record", "chair-1", "chair-1")
    child = await desk.get("/v1/children/P1/protection")
    assert child["plans"] == [] and child["chair_id"] is None
    assert child["requests"][0]["conference_reference"] == held["reference"]
    assert held["children"][0]["next_due_on"] is None


async def test_siblings_each_have_their_own_outcome(desk: Desk) -> None:
    children = [desk.outcome("P1"), desk.outcome("P2", outcome="not_made", category=None)]
    held = await desk.held("P1", "P2", children=children)
    assert [child["outcome"] for child in held["children"]] == ["plan_made", "not_made"]
    assert (await desk.get("/v1/children/P2/protection"))["plan_since"] is None


async def test_a_plan_goes_on_with_another_category_and_then_ends(desk: Desk) -> None:
    await desk.registered()
    began = working_days_ago(60)
    await desk.enquired(on=working_days_ago(70))
    first = await desk.planned(on=began)
    assert (await desk.hold(first)).status_code == 200
    reviewed = await desk.reviewed(on=working_days_ago(20), category="EMO")
    assert reviewed["children"][0]["kind"] == "first_review"
    assert reviewed["children"][0]["next_due_on"] == add_months(working_days_ago(20), 6).isoformat()
    (plan,) = (await desk.get("/v1/children/P1/protection"))["plans"]
    assert (plan["initial_category"], plan["latest_category"]) == ("NEG", "EMO")
    kept = await desk.reviewed(on=working_days_ago(10))
    assert (kept["children"][0]["kind"], kept["children"][0]["category"]) == ("later_review", "EMO")
    ended = await desk.reviewed(on=working_days_ago(5), outcome="ended")
    child = await desk.get("/v1/children/P1/protection")
    assert (child["plan_since"], child["category"], child["chair_id"]) == (None, None, None)
    (plan,) = child["plans"]
    assert (plan["ends_on"], plan["end_reason"]) == (working_days_ago(5).isoformat(), "conference")
    assert plan["ended_by"] == ended["reference"]
    (event,) = await desk.published("protection_plan.ended")
    assert event["end_reason"] == "conference"
    kinds = {row["kind"] for row in await desk.owed()}
    assert kinds == {"outline_plan", "record"}


async def test_a_second_plan_knows_how_many_came_before(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired(on=working_days_ago(70))
    assert (await desk.hold(await desk.planned(on=working_days_ago(60)))).status_code == 200
    await desk.reviewed(on=working_days_ago(30), outcome="ended")
    day = working_days_ago(10).isoformat()
    body = {"person_id": "P1", "started_on": day, "strategy_discussion_on": day}
    path = "/v1/conferences/section-47-enquiries/E2"
    await desk.done("PUT", path, body, status=201, role=Role.CASE_MANAGEMENT, subject="case-management")
    second = await desk.planned()
    assert second["children"][0]["kind"] == "initial"
    assert (await desk.hold(second)).status_code == 200
    plan = (await desk.get("/v1/children/P1/protection"))["plans"][-1]
    assert (plan["previous_plans"], plan["previous_ended_on"]) == (1, working_days_ago(30).isoformat())


async def test_an_unborn_child_takes_no_part_and_has_a_plan(desk: Desk) -> None:
    await desk.registered(born_on=None, expected_on=coming_working_day(20).isoformat())
    await desk.enquired()
    conference = await desk.planned()
    unborn = {"person_id": "P1", "outcome": "plan_made", "category": "NEG"}
    wrong = await desk.hold(conference, children=[unborn | {"participation": "PN0"}])
    assert wrong.json()["errors"][0]["rule"] == "born"
    held = (await desk.hold(conference, children=[unborn])).json()
    (child,) = held["children"]
    assert child["unborn"] and child["age"] is None and child["participation"] is None
    assert (await desk.get("/v1/children/P1/protection"))["plan_since"] == held["held_on"]


async def test_without_a_quorum_the_chair_says_why(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned()
    rows = await desk.invited(conference, SOCIAL_WORKER, GP, OBSERVER, MOTHER)
    came = {row["id"]: "attended" for row in rows}
    answer = await desk.hold(conference, attendance=came, inquorate_because=None)
    assert answer.json()["errors"] == [
        {
            "field": "inquorate_because",
            "rule": "quorum",
            "message": "Children's social care and two other agencies were not all there: enter why it went ahead.",
        }
    ]
    held = (await desk.hold(conference, attendance=came)).json()
    assert held["quorate"] is False and held["inquorate_because"]
    attendance = {row["attendance"] for row in await desk.rows("SELECT attendance FROM invitation WHERE NOT automatic")}
    assert attendance == {"attended"}


async def test_all_of_health_is_one_agency_only_where_the_council_says_so(desk: Desk) -> None:
    held = await desk.held(invite=[SOCIAL_WORKER, GP, HEALTH_VISITOR], inquorate_because=None)
    assert held["quorate"] is True


@pytest.mark.parametrize(
    ("born_on", "said", "wrong"),
    [
        (None, {"participation": "PN0"}, ("children.0.participation", "participation_fits_age")),
        (None, {"participation": None}, ("children.0.participation", "required")),
        (None, {"attended": False}, ("children.0.participation", "participation_fits_attendance")),
        (THREE_YEARS, {"participation": "PN1"}, ("children.0.participation", "participation_fits_age")),
        (None, {"outcome": "continues", "category": None}, ("children.0.outcome", "fits_the_plan")),
        (None, {"category": None}, ("children.0.category", "required")),
        (None, {"person_id": "P2"}, ("children.0.person_id", "of_this_conference")),
    ],
)
async def test_what_cannot_be_so_for_a_child_is_refused(
    desk: Desk, born_on: str | None, said: JSON, wrong: tuple[str, str]
) -> None:
    await desk.registered(**({"born_on": born_on} if born_on else {}))
    await desk.enquired()
    answer = await desk.hold(await desk.planned(), children=[desk.outcome(**said)])
    assert answer.status_code == 422
    assert wrong in {(error["field"], error["rule"]) for error in answer.json()["errors"]}
    assert await desk.rows("SELECT FROM conference WHERE state <> 'planned'") == []
    assert await desk.rows("SELECT FROM protection_plan") == []


async def test_all_of_its_children_are_told_of_each_once(desk: Desk) -> None:
    await desk.registered("P1", "P2")
    await desk.enquired("P1", "P2")
    conference = await desk.planned("P1", "P2")
    missing = await desk.hold(conference, children=[desk.outcome("P1")])
    assert missing.json()["errors"][0]["rule"] == "all_children"
    twice = await desk.hold(conference, children=[desk.outcome("P1"), desk.outcome("P1"), desk.outcome("P2")])
    assert {error["rule"] for error in twice.json()["errors"]} == {"once"}


async def test_when_a_conference_cannot_have_been_held(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(on=coming_working_day(2))
    future = await desk.hold(conference)
    assert future.json()["errors"][0]["rule"] == "not_in_the_future"
    early = await desk.hold(conference, on=working_days_ago(12))
    assert {error["rule"] for error in early.json()["errors"]} == {"after_what_it_follows"}
    late_contact = await desk.hold(
        conference, on=recent_working_day(), family_contacted_on=coming_working_day(1).isoformat()
    )
    assert late_contact.json()["errors"][0]["field"] == "family_contacted_on"


async def test_nobody_is_there_who_was_not_invited_and_nobody_twice(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned()
    rows = await desk.invited(conference, GP)
    strange = {"018f0000-0000-7000-8000-000000000000": "attended"}
    answer = await desk.hold(conference, attendance=strange)
    assert answer.json()["errors"][0]["field"] == "attendance.0.invitation_id"
    twice = [{"invitation_id": rows[0]["id"], "attendance": "attended"}] * 2
    answer = await desk.ask(
        "POST",
        f"/v1/conferences/{conference['reference']}/hold",
        {
            "held_on": conference["planned_on"],
            "children": [desk.outcome()],
            "attendance": twice,
            "inquorate_because": "Snow.",
        },
        version=conference["version"],
    )
    assert answer.json()["errors"][0]["rule"] == "once"


async def test_a_conference_is_held_once_and_by_whom_decided_on_what_they_saw(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned()
    assert (await desk.hold(conference | {"version": 7})).status_code == 412
    held = await desk.hold(conference)
    assert held.status_code == 200
    assert (await desk.hold(held.json())).status_code == 409


async def test_a_late_conference_is_late_whatever_it_was_moved_to(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired(on=working_days_ago(30))
    held = (await desk.hold(await desk.planned(on=working_days_ago(2)))).json()
    assert held["children"][0]["in_time"] is False
    assert date.fromisoformat(held["children"][0]["due_on"]) == working_days_ago(15)


async def on_plan(desk: Desk) -> None:
    """A child who has been on a plan for some days."""
    await desk.registered()
    await desk.enquired(on=working_days_ago(15))
    assert (await desk.hold(await desk.planned(on=working_days_ago(8)))).status_code == 200


async def test_a_plan_that_ended_meanwhile_is_not_reviewed(desk: Desk) -> None:
    await on_plan(desk)
    review = await desk.planned()
    plan = (await desk.get("/v1/children/P1/protection"))["plans"][0]
    body = {"reason": "transfer_out", "ends_on": clock.today().isoformat()}
    await desk.done("POST", f"/v1/protection-plans/{plan['id']}/end", body, version=plan["version"])
    answer = await desk.hold(review, children=[desk.outcome(outcome="ended", category=None)])
    assert "plan_runs" in {error["rule"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("reason", ["transfer_out", "death", "left_the_united_kingdom"])
async def test_a_plan_ends_outside_a_conference_and_nothing_more_is_due(desk: Desk, reason: str) -> None:
    await on_plan(desk)
    plan = (await desk.get("/v1/children/P1/protection"))["plans"][0]
    body = {"reason": reason, "ends_on": clock.today().isoformat()}
    path = f"/v1/protection-plans/{plan['id']}/end"
    ended = await desk.done("POST", path, body, version=plan["version"])
    assert ended["end_reason"] == reason
    child = await desk.get("/v1/children/P1/protection")
    assert child["plan_since"] is None and (child["died_on"] is not None) == (reason == "death")
    assert {row["kind"] for row in await desk.owed()} == {"outline_plan", "record"}
    assert (await desk.ask("POST", path, body, version=ended["version"])).status_code == 409
    by_conference = await desk.ask("POST", path, body | {"reason": "conference"}, version=ended["version"])
    assert by_conference.status_code == 409
    assert (await desk.published("protection_plan.ended"))[0]["end_reason"] == reason


async def test_another_plan_does_not_start_on_the_day_on_which_the_one_before_ended(desk: Desk) -> None:
    await on_plan(desk)
    plan = (await desk.get("/v1/children/P1/protection"))["plans"][0]
    body = {"reason": "transfer_out", "ends_on": clock.today().isoformat()}
    await desk.done("POST", f"/v1/protection-plans/{plan['id']}/end", body, version=plan["version"])
    day = working_days_ago(1).isoformat()
    said = {"person_id": "P1", "started_on": day, "strategy_discussion_on": day}
    await desk.done("PUT", "/v1/conferences/section-47-enquiries/E-again", said, status=201, role=Role.CASE_MANAGEMENT)
    meeting = await desk.planned()
    answer = await desk.hold(meeting)
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [("held_on", "no_overlap")]
    answer = await desk.hold(meeting, children=[desk.outcome(outcome="not_made", category=None)])
    assert answer.status_code == 200, answer.text


async def test_a_plan_does_not_end_by_itself_on_another_day_than_the_birthday(desk: Desk) -> None:
    await on_plan(desk)
    plan = (await desk.get("/v1/children/P1/protection"))["plans"][0]
    path = f"/v1/protection-plans/{plan['id']}/end"
    body = {"reason": "eighteenth_birthday", "ends_on": clock.today().isoformat()}
    answer = await desk.ask("POST", path, body, version=plan["version"])
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "eighteenth_birthday")
    answer = await desk.ask("POST", path, body | {"reason": "conference"}, version=plan["version"])
    assert answer.json()["errors"][0]["rule"] == "by_its_own_action"


async def test_nothing_but_death_ends_a_plan_on_the_day_on_which_it_starts(desk: Desk) -> None:
    await desk.held()
    plan = (await desk.get("/v1/children/P1/protection"))["plans"][0]
    path = f"/v1/protection-plans/{plan['id']}/end"
    body = {"reason": "transfer_out", "ends_on": plan["starts_on"]}
    answer = await desk.ask("POST", path, body, version=plan["version"])
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "after_its_start")
    await desk.done("POST", path, body | {"reason": "death"}, version=plan["version"])
