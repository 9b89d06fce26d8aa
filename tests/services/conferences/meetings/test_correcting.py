"""What was written down wrongly when a conference was held can be set right, and what follows is as if it had been."""

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days
from services.conferences.meetings.schemas import ConferenceMeetingOut, WholeConferenceOut
from tests.support.conferences.desk import (
    CASE_MANAGEMENT,
    GP,
    JSON,
    SCHOOL,
    SOCIAL_WORKER,
    Desk,
    recent_working_day,
    working_days_ago,
)

REASON = "A slip when it was typed in."
TABLES = (
    "conference",
    "child_conference",
    "invitation",
    "protection_plan",
    "protection",
    "conference_request",
    "deadline",
)
# What two equal lives have of their own.
OWN = {"id", "plan_id", "conference_id", "request_id", "reference", "person_id", "conference_reference", "started_by"}
OWN |= {"ended_by", "version"}


async def everything(desk: Desk) -> dict[str, list[JSON]]:
    return {table: await desk.rows(f"SELECT * FROM {table} ORDER BY 1") for table in (*TABLES, "correction")}


async def corrected(desk: Desk, conference: JSON, **said: Any) -> JSON:
    path = f"/v1/conferences/{conference['reference']}/correct"
    answer = await desk.ask("POST", path, {"reason": REASON} | said, version=conference["version"])
    assert answer.status_code == 200, answer.text
    ConferenceMeetingOut.model_validate_json(answer.content, strict=True)
    return dict(answer.json())


async def refused(desk: Desk, conference: JSON, status: int = 422, **said: Any) -> dict[str, str]:
    before = await everything(desk)
    path = f"/v1/conferences/{conference['reference']}/correct"
    answer = await desk.ask("POST", path, {"reason": REASON} | said, version=conference["version"])
    assert answer.status_code == status, answer.text
    assert await everything(desk) == before
    return {error["field"]: error["rule"] for error in answer.json().get("errors", [])}


async def reopen(desk: Desk, conference: JSON, **options: Any) -> Any:
    path = f"/v1/conferences/{conference['reference']}/reopen"
    return await desk.ask("POST", path, {"reason": REASON}, version=conference["version"], **options)


async def whole(desk: Desk, conference: JSON) -> JSON:
    found = await desk.get(f"/v1/conferences/{conference['reference']}")
    WholeConferenceOut.model_validate(found)
    return dict(found)


async def life(desk: Desk, person_id: str) -> dict[str, list[JSON]]:
    """All that is kept of a child but what is theirs alone."""
    found = {}
    for table in ("child_conference", "protection_plan", "protection", "conference_request", "deadline"):
        order = "kind, due_on" if table in {"deadline", "child_conference"} else "1"
        rows = await desk.rows(f"SELECT * FROM {table} WHERE person_id = $1 ORDER BY {order}", person_id)
        found[table] = [{name: value for name, value in row.items() if name not in OWN} for row in rows]
    return found


async def test_how_a_child_took_part_is_set_right_and_what_was_said_before_is_kept(desk: Desk) -> None:
    held = await desk.held("P1", "P2")
    child = {"person_id": "P2", "participation": "PN5", "attended": False, "advocate": True}
    right = await corrected(desk, held, children=[child], family_met=True)
    assert right["version"] == held["version"] + 1
    assert right["children"] == [held["children"][0], held["children"][1] | child]
    (kept,) = (await whole(desk, held))["corrections"]
    assert (kept["corrected_by"], kept["reason"]) == ("chair-1", REASON)
    assert kept["changes"] == [
        {"about": None, "field": "family_met", "earlier": None, "later": "true"},
        {"about": "P2", "field": "participation", "earlier": "PN1", "later": "PN5"},
        {"about": "P2", "field": "attended", "earlier": "true", "later": "false"},
        {"about": "P2", "field": "advocate", "earlier": "false", "later": "true"},
    ]
    data = {"reference": held["reference"], "chair_id": "chair-1", "version": right["version"]}
    data |= {"held_on": held["held_on"], "person_ids": ["P1", "P2"]}
    assert await desk.published("conference.corrected") == [data]
    assert await desk.published("protection_plan.corrected") == []
    (entry,) = await desk.rows("SELECT * FROM chassis.audit_entry WHERE action = 'correct_conference'")
    assert (entry["record"], entry["why"]) == (held["reference"], REASON)


async def test_a_correction_that_corrects_nothing_is_told_to_nobody(desk: Desk) -> None:
    held = await desk.held()
    same = await corrected(desk, held, held_on=held["held_on"], children=[{"person_id": "P1", "category": "NEG"}])
    assert same["version"] == held["version"]
    assert await desk.published("conference.corrected") == []


async def began(desk: Desk, person_id: str, on: date) -> JSON:
    """An initial conference that made a plan."""
    answer = await desk.hold(await desk.planned(person_id, on=on))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def two_children(desk: Desk, enquired_on: date) -> None:
    for person_id in ("P1", "P2"):
        await desk.registered(person_id)
        await desk.enquired(person_id, on=enquired_on)


async def test_with_the_right_day_all_is_as_if_it_had_been_said_at_once(desk: Desk) -> None:
    await two_children(desk, working_days_ago(30))
    wrong = await began(desk, "P1", working_days_ago(10))
    await began(desk, "P2", working_days_ago(18))
    mended = await corrected(desk, wrong, held_on=working_days_ago(18).isoformat())
    assert mended["record_due_on"] == add_working_days(working_days_ago(18), 15).isoformat()
    assert await life(desk, "P1") == await life(desk, "P2")
    (event,) = await desk.published("protection_plan.corrected")
    assert (event["person_id"], event["starts_on"]) == ("P1", working_days_ago(18).isoformat())


async def test_the_next_conference_is_counted_from_the_right_day(desk: Desk) -> None:
    await two_children(desk, working_days_ago(90))
    first = await began(desk, "P1", working_days_ago(80))
    await began(desk, "P2", working_days_ago(84))
    reviewed = await desk.reviewed("P1", on=working_days_ago(25))
    await desk.reviewed("P2", on=working_days_ago(25))
    await corrected(desk, first, held_on=working_days_ago(84).isoformat())
    now = await whole(desk, reviewed)
    assert now["children"][0]["due_on"] == add_months(working_days_ago(84), 3).isoformat()
    assert now["version"] == reviewed["version"] + 1
    assert await life(desk, "P1") == await life(desk, "P2")


async def test_the_day_on_which_a_plan_ended_is_set_right(desk: Desk) -> None:
    await two_children(desk, working_days_ago(90))
    for person_id in ("P1", "P2"):
        await began(desk, person_id, working_days_ago(80))
    ended = await desk.reviewed("P1", on=working_days_ago(20), outcome="ended")
    await desk.reviewed("P2", on=working_days_ago(25), outcome="ended")
    await corrected(desk, ended, held_on=working_days_ago(25).isoformat())
    assert await life(desk, "P1") == await life(desk, "P2")


async def test_the_category_is_that_of_the_conference_that_gave_it(desk: Desk) -> None:
    await two_children(desk, working_days_ago(90))
    first = await began(desk, "P1", working_days_ago(80))
    reviewed = await desk.reviewed("P1", on=working_days_ago(25), category="EMO")
    await corrected(desk, first, children=[{"person_id": "P1", "category": "PHY"}])
    (plan,) = (await desk.get("/v1/children/P1/protection"))["plans"]
    assert (plan["initial_category"], plan["latest_category"]) == ("PHY", "EMO")
    await corrected(desk, reviewed, children=[{"person_id": "P1", "category": "SAB"}])
    child = await desk.get("/v1/children/P1/protection")
    assert (child["plans"][0]["initial_category"], child["plans"][0]["latest_category"]) == ("PHY", "SAB")
    assert child["category"] == "SAB"
    ended = await desk.reviewed("P1", on=recent_working_day(), outcome="ended")
    wrong = {"person_id": "P1", "category": "NEG"}
    assert await refused(desk, ended, children=[wrong]) == {"children.0.category": "plans_only"}


async def test_what_cannot_have_been_so_is_refused_as_when_it_is_held(desk: Desk) -> None:
    held = await desk.held("P1", "P2")
    child = {"person_id": "P1"}
    assert await refused(desk, held, children=[child | {"participation": "PN0"}]) == {
        "children.0.participation": "participation_fits_age"
    }
    assert await refused(desk, held, children=[child | {"attended": False}]) == {
        "children.0.participation": "participation_fits_attendance"
    }
    assert await refused(desk, held, children=[child | {"participation": None}]) == {
        "children.0.participation": "required"
    }
    assert await refused(desk, held, children=[{"person_id": "P3"}]) == {"children.0.person_id": "of_this_conference"}
    assert await refused(desk, held, children=[child, child]) == {
        "children.0.person_id": "once",
        "children.1.person_id": "once",
    }
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert (await refused(desk, held, held_on=tomorrow))["held_on"] in {"not_in_the_future", "working_day"}
    assert await refused(desk, held, family_contacted_on=tomorrow) == {"family_contacted_on": "before_the_conference"}
    assert await refused(desk, held, held_on=working_days_ago(11).isoformat()) == {"held_on": "after_what_it_follows"}


async def test_the_day_fits_what_came_after(desk: Desk) -> None:
    await two_children(desk, working_days_ago(90))
    first = await began(desk, "P1", working_days_ago(80))
    body = {"person_ids": ["P1"], "held_on": working_days_ago(75).isoformat()}
    await desk.done("POST", "/v1/core-groups", body, status=201)
    assert await refused(desk, first, held_on=working_days_ago(74).isoformat()) == {"held_on": "before_what_followed"}
    await desk.reviewed("P1", on=working_days_ago(76))
    assert await refused(desk, first, held_on=working_days_ago(76).isoformat()) == {"held_on": "before_the_one_after"}
    second = await began(desk, "P2", working_days_ago(80))
    path = f"/v1/conferences/{second['reference']}/outline-plan/send"
    await desk.done("POST", path, {"sent_on": working_days_ago(79).isoformat()}, version=second["version"])
    second["version"] += 1
    assert await refused(desk, second, held_on=working_days_ago(78).isoformat()) == {"held_on": "before_what_followed"}


async def test_who_came_is_set_right_until_the_conference_is_closed(desk: Desk) -> None:
    held = await desk.held(invite=[SOCIAL_WORKER, GP, SCHOOL])
    assert held["quorate"] is True
    by_agency = {invitation["agency_id"]: invitation for invitation in (await whole(desk, held))["invitations"]}
    absent = {"invitation_id": by_agency["general-practice"]["id"], "attendance": "neither"}
    assert await refused(desk, held, attendance=[absent]) == {"inquorate_because": "quorum"}
    right = await corrected(desk, held, attendance=[absent], inquorate_because="The practice could not come.")
    assert (right["quorate"], right["inquorate_because"]) == (False, "The practice could not come.")
    again = await corrected(desk, right, attendance=[absent | {"attendance": "attended"}])
    assert (again["quorate"], again["inquorate_because"]) == (True, None)
    await corrected(desk, again, attendance=[absent], inquorate_because="The practice could not come.")
    now = await whole(desk, held)
    (proposal,) = [proposal for proposal in await desk.closed(now) if proposal["agency_id"] == "general-practice"]
    assert proposal["reason"] == "no_report_no_apologies"
    assert await refused(desk, now, status=409, attendance=[absent | {"attendance": "attended"}]) == {}
    await corrected(desk, now, children=[{"person_id": "P1", "views": "Wants to see Nan."}])


async def test_only_what_was_held_is_corrected_or_reopened(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned()
    path = f"/v1/conferences/{conference['reference']}"
    for step in ("correct", "reopen"):
        answer = await desk.ask("POST", f"{path}/{step}", {"reason": REASON}, version=1)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "conference-not-held")
    held = (await desk.hold(conference)).json()
    for step in ("correct", "reopen"):
        assert (await desk.ask("POST", f"{path}/{step}", {"reason": REASON}, version=1)).status_code == 412
    assert (await reopen(desk, held, role=Role.BUSINESS_SUPPORT)).status_code == 403


UNCOUNTED = {"version", "told_missed_on"}


async def standing(desk: Desk) -> dict[str, list[JSON]]:
    """All that is kept, but how often it was changed and which row it is."""
    found = {}
    for table, rows in (await everything(desk)).items():
        left_out = UNCOUNTED | ({"id"} if table == "deadline" else set())
        kept = [{name: value for name, value in row.items() if name not in left_out} for row in rows]
        found[table] = sorted(kept, key=str)
    del found["correction"]
    return found


@pytest.mark.parametrize("outcome", ["plan_made", "not_made"])
async def test_an_initial_conference_that_was_not_held_after_all_stands_as_before(desk: Desk, outcome: str) -> None:
    await desk.registered("P1", "P2")
    await desk.enquired("P1", "P2")
    conference = await desk.planned("P1", "P2")
    invited = await desk.invited(conference)
    before = await standing(desk)
    category = "NEG" if outcome == "plan_made" else None
    children = [desk.outcome(person_id, outcome=outcome, category=category) for person_id in ("P1", "P2")]
    attendance = {invitation["id"]: "attended" for invitation in invited}
    held = (await desk.hold(conference, children=children, attendance=attendance)).json()
    answer = await reopen(desk, held)
    assert answer.status_code == 200, answer.text
    assert await standing(desk) == before
    again = answer.json()
    data = {"reference": held["reference"], "chair_id": "chair-1", "version": again["version"]}
    data |= {"planned_on": conference["planned_on"], "person_ids": ["P1", "P2"]}
    assert await desk.published("conference.reopened") == [data]
    started = [event["plan_id"] for event in await desk.published("protection_plan.started")]
    assert [event["plan_id"] for event in await desk.published("protection_plan.voided")] == started
    (kept,) = (await whole(desk, held))["corrections"]
    assert {change["earlier"] for change in kept["changes"] if change["field"] == "outcome"} == {outcome}
    assert (await desk.hold(again)).status_code == 200


@pytest.mark.parametrize("outcome", ["continues", "ended"])
async def test_a_review_conference_that_was_not_held_after_all_stands_as_before(desk: Desk, outcome: str) -> None:
    await desk.registered()
    await desk.enquired(on=working_days_ago(70))
    await began(desk, "P1", working_days_ago(60))
    await desk.reviewed("P1", on=working_days_ago(30), category="EMO")
    conference = await desk.planned(on=recent_working_day())
    before = await standing(desk)
    category = "PHY" if outcome == "continues" else None
    held = (await desk.hold(conference, children=[desk.outcome(outcome=outcome, category=category)])).json()
    assert await standing(desk) != before
    answer = await reopen(desk, held)
    assert answer.status_code == 200, answer.text
    assert await standing(desk) == before
    event = (await desk.published("protection_plan.corrected"))[-1]
    assert (event["ends_on"], event["category"]) == (None, "EMO")


@pytest.mark.parametrize("what", ["closed", "outline", "core group", "next", "enquiry", "end"])
async def test_what_something_followed_from_was_held(desk: Desk, what: str) -> None:
    outcome: JSON = {"outcome": "not_made", "category": None} if what == "enquiry" else {}
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(on=working_days_ago(5))
    held = (await desk.hold(conference, children=[desk.outcome(**outcome)])).json()
    day = recent_working_day().isoformat()
    if what == "closed":
        await desk.closed(held)
    elif what == "outline":
        path = f"/v1/conferences/{held['reference']}/outline-plan/send"
        held["version"] = (await desk.done("POST", path, {}, version=held["version"]))["version"]
    elif what == "core group":
        await desk.done("POST", "/v1/core-groups", {"person_ids": ["P1"], "held_on": day}, status=201)
    elif what == "next":
        await desk.planned()
    elif what == "enquiry":
        said = {"person_id": "P1", "started_on": day, "strategy_discussion_on": day}
        await desk.done("PUT", "/v1/conferences/section-47-enquiries/E-2", said, status=201, **CASE_MANAGEMENT)
    else:
        (plan,) = (await desk.get("/v1/children/P1/protection"))["plans"]
        said = {"reason": "transfer_out", "ends_on": clock.today().isoformat()}
        path = f"/v1/protection-plans/{plan['id']}/end"
        await desk.done("POST", path, said, version=plan["version"], role=Role.TEAM_MANAGER)
    before = await everything(desk)
    answer = await reopen(desk, held)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "conference-followed")
    assert await everything(desk) == before
