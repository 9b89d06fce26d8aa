"""Children as the children service tells of them, and what asks for a conference."""

from datetime import timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.children.replica import KNOWN, identity
from tests.support.conferences.desk import (
    CASE_MANAGEMENT,
    GP,
    JSON,
    SOCIAL_WORKER,
    Desk,
    recent_working_day,
    working_days_ago,
)

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()


async def test_what_only_conferences_use_is_sent_once_and_the_same_words_change_nothing(desk: Desk) -> None:
    await desk.known("P1")
    first = await desk.put("P1", {})
    assert first.status_code == 201 and first.headers["ETag"] == '"1"'
    again = await desk.put("P1", {})
    assert again.status_code == 200 and again.headers["ETag"] == '"1"'
    changed = await desk.put("P1", {"advocacy_opted_out_on": "2019-05-06"}, version=1)
    assert (changed.json()["version"], changed.json()["advocacy_opted_out_on"]) == (2, "2019-05-06")
    assert (changed.json()["family_name"], changed.json()["area_id"]) == ("Planted", "north")
    assert (await desk.put("P1", {}, version=1)).status_code == 412
    await desk.known("P2")
    assert (await desk.put("P2", {}, version=1)).status_code == 412
    assert (await desk.put("P1", {})).status_code == 428


async def test_an_unborn_child_is_expected_and_then_born(desk: Desk) -> None:
    await desk.registered("P1", given_name=None, born_on=None, expected_on=TOMORROW)
    await desk.known("P1", given_name="Nye", born_on=clock.today().isoformat(), expected_on=TOMORROW)
    born = await desk.get("/v1/children/P1/protection")
    assert (born["born_on"], born["given_name"], born["version"]) == (clock.today().isoformat(), "Nye", 2)


async def test_of_whom_the_children_service_knows_nothing_nothing_is_said_here(desk: Desk) -> None:
    answer = await desk.put("P9", {})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/child-not-sent")
    assert (await desk.ask("GET", "/v1/children/P9/protection")).status_code == 404
    assert await desk.rows("SELECT FROM protection") == []


async def test_who_is_new_is_asked_for_at_the_children_service(desk: Desk) -> None:
    """Its event may not have come yet, or have come while this service was away."""
    KNOWN["P1"] = identity("P1", **desk.child(school="Dyke Lane Primary"))
    try:
        await desk.enquired("P1")
    finally:
        KNOWN.clear()
    found = await desk.get("/v1/children/P1/protection")
    assert (found["school"], len(found["requests"])) == ("Dyke Lane Primary", 1)


async def test_whom_only_a_census_told_of_is_who_the_children_service_says(desk: Desk) -> None:
    await desk.rows("""INSERT INTO chassis.child (person_id, born_on, disabilities, siblings, area_id, restricted, version)
        VALUES ('P1', '2012-05-06', '{}', '{}', 'north', false, 0) RETURNING person_id""")
    await desk.enquired("P1")
    assert (await desk.get("/v1/children/P1/protection"))["family_name"] is None
    await desk.known("P1")
    assert (await desk.get("/v1/children/P1/protection"))["family_name"] == "Planted"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"born_on": "2012-05-06"}, "born_on"),
        ({"family_name": "Planted"}, "family_name"),
        ({"restricted": True}, "restricted"),
        ({"manager_id": "manager-1"}, "manager_id"),
        ({"plan_since": "2020-01-01"}, "plan_since"),
        ({"advocacy_opted_out_on": "soon"}, "advocacy_opted_out_on"),
    ],
)
async def test_what_others_own_of_a_child_is_refused(desk: Desk, change: JSON, field: str) -> None:
    await desk.known("P1")
    answer = await desk.put("P1", change)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await desk.rows("SELECT FROM protection") == []


async def test_another_worker_owes_what_is_due(desk: Desk) -> None:
    await desk.held()
    await desk.known("P1", social_worker_id="chair-2", team="Team 2", area_id="south")
    (owed,) = await desk.owed("P1", "core_group")
    assert (owed["owner_id"], owed["team"], owed["area_id"]) == ("chair-2", "Team 2", "south")


async def test_a_restricted_child_is_for_the_chair_and_managers(desk: Desk) -> None:
    await desk.registered("P1", restricted=True)
    await desk.registered("P2")
    assert (await desk.ask("GET", "/v1/children/P1/protection")).status_code == 404
    manager: JSON = {"role": Role.TEAM_MANAGER, "subject": "manager-1"}
    assert (await desk.get("/v1/children/P1/protection", **manager))["restricted"] is True
    assert [item["person_id"] for item in (await desk.get("/v1/protection"))["items"]] == ["P2"]
    await desk.enquired("P1")
    path = "/internal/children/P1/chairs"
    assert (await desk.ask("POST", path, {"chair_id": "chair-1"})).status_code == 404
    assert (await desk.ask("POST", path, {"chair_id": "chair-1"}, **manager)).status_code == 201
    assert (await desk.get("/v1/children/P1/protection"))["chair_id"] == "chair-1"


async def test_an_enquiry_sets_the_clock_of_the_initial_conference(desk: Desk) -> None:
    await desk.registered()
    started = working_days_ago(10)
    body = {"person_id": "P1", "started_on": started.isoformat()}
    path = "/v1/conferences/section-47-enquiries/E1"
    await desk.done("PUT", path, body, status=201, **CASE_MANAGEMENT)
    (owed,) = await desk.owed()
    assert owed["subject"] == "initial" and owed["event_on"] == started, "without a discussion it counts from its start"
    discussed = working_days_ago(9)
    body["strategy_discussion_on"] = discussed.isoformat()
    await desk.done("PUT", path, body, version=1, **CASE_MANAGEMENT)
    (owed,) = await desk.owed()
    assert owed["event_on"] == discussed
    body["strategy_discussion_on"] = started.isoformat()
    found = await desk.done("PUT", path, body, version=2, **CASE_MANAGEMENT)
    (owed,) = await desk.owed()
    assert owed["subject"] == "initial" and owed["event_on"] == started
    assert owed["due_on"].isoformat() == found["due_on"]
    earlier = working_days_ago(12)
    body |= {"started_on": earlier.isoformat(), "strategy_discussion_on": earlier.isoformat()}
    corrected = await desk.done("PUT", path, body, version=3, **CASE_MANAGEMENT)
    (owed,) = await desk.owed()
    assert owed["event_on"] == earlier and owed["due_on"].isoformat() == corrected["due_on"]
    await desk.done("PUT", path, body | {"conference_not_required": True}, version=4, **CASE_MANAGEMENT)
    assert await desk.owed() == []


async def test_a_conference_about_an_enquiry_without_a_discussion_can_be_planned(desk: Desk) -> None:
    await desk.registered()
    body = {"person_id": "P1", "started_on": working_days_ago(4).isoformat()}
    found = await desk.done("PUT", "/v1/conferences/section-47-enquiries/E1", body, status=201, **CASE_MANAGEMENT)
    (part,) = (await desk.planned())["children"]
    assert (part["kind"], part["event_on"], part["due_on"]) == ("initial", body["started_on"], found["due_on"])


async def test_an_enquiry_that_was_registered_for_the_wrong_child_goes_to_the_right_one(desk: Desk) -> None:
    await desk.registered("P1", "P2")
    await desk.enquired("P1")
    day = working_days_ago(10).isoformat()
    body = {"person_id": "P2", "started_on": day, "strategy_discussion_on": day}
    await desk.done("PUT", "/v1/conferences/section-47-enquiries/E-P1", body, version=1, **CASE_MANAGEMENT)
    assert await desk.owed("P1") == []
    assert len(await desk.owed("P2")) == 1


async def test_a_transfer_sets_the_clock_of_a_transfer_in_conference(desk: Desk) -> None:
    await desk.registered()
    body = {"person_id": "P1", "notified_on": working_days_ago(3).isoformat(), "from_authority": "Farshire"}
    await desk.done("PUT", "/v1/conferences/transfers-in/T1", body, status=201, **CASE_MANAGEMENT)
    (owed,) = await desk.owed()
    assert owed["subject"] == "transfer_in"
    conference = await desk.planned()
    assert conference["children"][0]["kind"] == "transfer_in"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"person_id": "P9"}, "person_id"),
        ({"started_on": TOMORROW, "strategy_discussion_on": TOMORROW}, "started_on"),
        ({"strategy_discussion_on": TOMORROW}, "strategy_discussion_on"),
        ({"strategy_discussion_on": "2019-01-01"}, "strategy_discussion_on"),
        ({"due_on": TOMORROW}, "due_on"),
    ],
)
async def test_what_cannot_be_so_about_an_enquiry_is_refused(desk: Desk, change: JSON, field: str) -> None:
    await desk.registered()
    day = working_days_ago(2).isoformat()
    body = {"person_id": "P1", "started_on": day, "strategy_discussion_on": day} | change
    answer = await desk.ask("PUT", "/v1/conferences/section-47-enquiries/E1", body, **CASE_MANAGEMENT)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}


async def test_an_enquiry_that_was_answered_keeps_its_day(desk: Desk) -> None:
    await desk.held()
    found = (await desk.get("/v1/children/P1/protection"))["requests"][0]
    assert found["conference_reference"] and found["answered_on"] == recent_working_day().isoformat()
    body = {"person_id": "P1", "started_on": found["started_on"], "strategy_discussion_on": found["started_on"]}
    path = "/v1/conferences/section-47-enquiries/E-P1"
    same = await desk.ask("PUT", path, body, version=found["version"], **CASE_MANAGEMENT)
    assert same.status_code == 200
    other = body | {"strategy_discussion_on": working_days_ago(9).isoformat()}
    answer = await desk.ask("PUT", path, other, version=found["version"], **CASE_MANAGEMENT)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/conference-answered-it"


async def test_a_restriction_that_comes_later_reaches_what_is_there(desk: Desk) -> None:
    conference = await desk.held("P1", "P2", invite=[SOCIAL_WORKER | {"report_expected": False}, GP])
    await desk.closed(conference)
    stranger: JSON = {"subject": "chair-2"}
    path = f"/v1/conferences/{conference['reference']}"
    assert (await desk.ask("GET", path, **stranger)).status_code == 200
    await desk.known("P1", restricted=True)
    assert (await desk.ask("GET", path, **stranger)).status_code == 404
    assert (await desk.get(path))["reference"] == conference["reference"]
    assert (await desk.get("/v1/conferences/proposals", **stranger))["items"] == []
    await desk.known("P1")
    assert (await desk.ask("GET", path, **stranger)).status_code == 200
