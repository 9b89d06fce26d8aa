"""Between conferences: core groups, checks, 12-month discussions, feedback, and what is owed after each."""

from datetime import timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.conferences.desk import JSON, Desk, coming_working_day, recent_working_day, working_days_ago
from tests.support.conferences.plans import AGENDA, on_plan

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()


async def test_a_core_group_sets_the_day_of_the_next(desk: Desk) -> None:
    await on_plan(desk, "P1", "P2")
    (owed,) = await desk.owed(kind="core_group")
    body = {
        "person_ids": ["P1", "P2"],
        "held_on": clock.today().isoformat(),
        "attended": [{"name": "Wren Ravensby", "role": "social worker", "attended": True}],
        "next_on": coming_working_day(20).isoformat(),
    }
    rows = await desk.done("POST", "/v1/core-groups", body, status=201)
    assert [row["person_id"] for row in rows] == ["P1", "P2"]
    assert {row["due_on"] for row in rows} == {owed["due_on"].isoformat()}
    (following,) = await desk.owed("P2", "core_group")
    assert (following["due_on"], following["event_on"]) == (coming_working_day(20), clock.today())
    assert len((await desk.get("/v1/core-groups", person_id="P1", held="true"))["items"]) == 1


async def test_a_core_group_sent_again_under_its_key_is_written_down_once(desk: Desk) -> None:
    await on_plan(desk, "P1", "P2")
    body = {"person_ids": ["P1", "P2"], "held_on": clock.today().isoformat()}
    key = {"Idempotency-Key": "core-group-of-today"}
    first, again = [await desk.ask("POST", "/v1/core-groups", body, headers=key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(await desk.rows("SELECT FROM core_group")) == 2


async def test_a_core_group_that_meets_on_the_day_of_the_conference_is_the_first(desk: Desk) -> None:
    held = await on_plan(desk, began=recent_working_day())
    body = {"person_ids": ["P1"], "held_on": held["held_on"], "next_on": coming_working_day(30).isoformat()}
    await desk.done("POST", "/v1/core-groups", body, status=201)
    (owed,) = await desk.owed(kind="core_group")
    assert (owed["subject"], owed["due_on"]) == ("later", coming_working_day(30))


async def test_a_core_group_that_was_missed_is_owed_on_another_day(desk: Desk) -> None:
    await on_plan(desk)
    body = {"person_ids": ["P1"], "missed_because": "Snow.", "next_on": coming_working_day(3).isoformat()}
    (row,) = await desk.done("POST", "/v1/core-groups", body, status=201)
    assert row["held_on"] is None
    (owed,) = await desk.owed(kind="core_group")
    assert owed["due_on"] == coming_working_day(3)
    again = {"person_ids": ["P1"], "held_on": clock.today().isoformat()}
    (row,) = await desk.done("POST", "/v1/core-groups", again, status=201)
    assert row["due_on"] == coming_working_day(3).isoformat()
    assert await desk.owed(kind="core_group") == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": TOMORROW}, "held_on"),
        ({"held_on": "2019-01-07"}, "held_on"),
        ({"held_on": None}, "held_on"),
        ({"missed_because": "Snow."}, "missed_because"),
        ({"held_on": None, "missed_because": "Snow."}, "next_on"),
        ({"held_on": None, "missed_because": "Snow.", "next_on": "2019-01-07"}, "next_on"),
        ({"next_on": "2019-01-07"}, "next_on"),
        ({"person_ids": ["P9"]}, "person_ids.0"),
    ],
)
async def test_what_cannot_be_so_about_a_core_group_is_refused(desk: Desk, change: JSON, field: str) -> None:
    await on_plan(desk)
    body = {"person_ids": ["P1"], "held_on": clock.today().isoformat()} | change
    answer = await desk.ask("POST", "/v1/core-groups", {k: v for k, v in body.items() if v is not None})
    assert answer.status_code == 422, answer.text
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert await desk.rows("SELECT FROM core_group") == []


async def test_a_midway_check_is_done_once_for_each_conference_and_tells_a_concern(desk: Desk) -> None:
    held = await on_plan(desk)
    (owed,) = await desk.owed(kind="midway_check")
    body = {
        "kind": "midway",
        "visits_in_time": False,
        "core_groups_held": True,
        "concern": "plantedwords of a concern",
        "concern_to": "social_worker",
    }
    path = "/v1/children/P1/plan-checks"
    row = await desk.done("POST", path, body, status=201)
    assert (row["reference"], row["due_on"]) == (held["reference"], owed["due_on"].isoformat())
    assert row["concern_to_id"] == "worker-1"
    assert await desk.owed(kind="midway_check") == []
    (event,) = await desk.published("plan_check.concern_raised")
    assert event["concern_to_id"] == "worker-1" and "plantedwords" not in str(event)
    again = await desk.ask("POST", path, body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/no-conference-to-check")
    assert len((await desk.get("/v1/plan-checks", with_concern="true"))["items"]) == 1


async def test_a_midway_check_that_is_written_down_late_belongs_to_the_conference_before_its_day(desk: Desk) -> None:
    began, reviewed = working_days_ago(40), recent_working_day()
    first = await on_plan(desk, began=began)
    following = await desk.planned("P1", on=reviewed)
    answer = await desk.hold(following, on=reviewed, children=[desk.outcome("P1", outcome="continues")])
    assert answer.status_code == 200, answer.text
    (owed,) = await desk.owed(kind="midway_check")
    body = {"kind": "midway", "visits_in_time": True, "core_groups_held": True}
    late = body | {"done_on": (began + timedelta(days=30)).isoformat()}
    row = await desk.done("POST", "/v1/children/P1/plan-checks", late, status=201)
    assert row["reference"] == first["reference"]
    assert await desk.owed(kind="midway_check") == [owed], "the one after the last conference is still to be done"
    assert (await desk.ask("POST", "/v1/children/P1/plan-checks", late)).status_code == 409


async def test_a_preparation_check_belongs_to_the_conference_that_is_planned(desk: Desk) -> None:
    await on_plan(desk)
    path = "/v1/children/P1/plan-checks"
    body = {"kind": "preparation", "visits_in_time": True, "core_groups_held": True}
    assert (await desk.ask("POST", path, body)).status_code == 409
    review = await desk.planned(on=coming_working_day(30))
    (owed,) = await desk.owed(kind="preparation_check")
    row = await desk.done("POST", path, body, status=201)
    assert (row["reference"], row["due_on"]) == (review["reference"], owed["due_on"].isoformat())
    assert await desk.owed(kind="preparation_check") == []


async def test_the_allocated_chair_does_not_lead_the_discussion(desk: Desk) -> None:
    await on_plan(desk)
    path = "/v1/children/P1/twelve-month-discussions"
    body = {"led_by": "chair-1", "agenda": AGENDA, "conclusion": "The plan goes on."}
    answer = await desk.ask("POST", path, body)
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["field"], answer.json()["errors"][0]["rule"]) == (
        "led_by",
        "not_the_allocated_chair",
    )
    nobody = await desk.ask("POST", path, body | {"led_by": "worker-1"})
    assert nobody.json()["errors"][0]["rule"] == "colleague_role"
    row = await desk.done("POST", path, body | {"led_by": "chair-2"}, status=201)
    assert (row["chair_id"], row["led_by"]) == ("chair-1", "chair-2")
    assert await desk.owed(kind="twelve_month_discussion") == []
    again = await desk.ask("POST", path, body | {"led_by": "chair-2"})
    assert again.json()["type"] == "/problems/discussed-already"
    assert len((await desk.get("/v1/twelve-month-discussions", led_by="chair-2"))["items"]) == 1


@pytest.mark.parametrize("agenda", [[], AGENDA[:5], [*AGENDA[:5], AGENDA[0]]])
async def test_the_formal_agenda_is_gone_through(desk: Desk, agenda: list[JSON]) -> None:
    await on_plan(desk)
    body = {"led_by": "chair-2", "agenda": agenda, "conclusion": "The plan goes on."}
    assert (await desk.ask("POST", "/v1/children/P1/twelve-month-discussions", body)).status_code == 422


async def test_nothing_is_written_down_for_a_child_who_is_on_no_plan(desk: Desk) -> None:
    await desk.registered()
    check = {"kind": "midway", "visits_in_time": True, "core_groups_held": True}
    discussion = {"led_by": "chair-2", "agenda": AGENDA, "conclusion": "None."}
    group = {"person_ids": ["P1"], "held_on": clock.today().isoformat()}
    for path, body in (
        ("/v1/children/P1/plan-checks", check),
        ("/v1/children/P1/twelve-month-discussions", discussion),
        ("/v1/core-groups", group),
    ):
        answer = await desk.ask("POST", path, body)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-on-plan"), path


async def test_feedback_follows_a_conference_that_was_held(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned()
    path = f"/v1/conferences/{conference['reference']}/feedback"
    body = {"from_whom": "child", "rating": "amber", "comment": "It was long."}
    assert (await desk.ask("POST", path, body)).status_code == 409
    assert (await desk.hold(conference)).status_code == 200
    row = await desk.done("POST", path, body, status=201, role=Role.BUSINESS_SUPPORT, subject="support-1")
    assert (row["given_on"], row["recorded_by"]) == (clock.today().isoformat(), "support-1")
    assert (await desk.ask("POST", path, body | {"given_on": TOMORROW})).status_code == 422
    found = await desk.get("/internal/feedback", rating="amber", reference=conference["reference"])
    assert [item["comment"] for item in found["items"]] == ["It was long."]


async def test_what_is_about_a_restricted_child_is_not_shown(desk: Desk) -> None:
    await desk.registered(restricted=True)
    await desk.enquired()
    manager: JSON = {"role": Role.TEAM_MANAGER, "subject": "manager-1"}
    body = {"person_ids": ["P1"], "planned_on": recent_working_day().isoformat(), "chair_id": "chair-2"}
    planned = await desk.done("POST", "/v1/conferences", body, status=201, **manager)
    held = {"held_on": planned["planned_on"], "children": [desk.outcome()], "inquorate_because": "Snow."}
    path = f"/v1/conferences/{planned['reference']}"
    await desk.done("POST", f"{path}/hold", held, version=1, **manager)
    group = {"person_ids": ["P1"], "held_on": clock.today().isoformat()}
    assert (await desk.ask("POST", "/v1/core-groups", group)).status_code == 422
    await desk.done("POST", "/v1/core-groups", group, status=201, **manager)
    assert (await desk.get("/v1/core-groups"))["items"] == []
    assert len((await desk.get("/v1/core-groups", **manager))["items"]) == 1
    assert (await desk.ask("GET", path)).status_code == 404
