"""What was written down between conferences by mistake is voided: all stands as if it had never been written."""

from typing import Any
from uuid import uuid4

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.conferences.desk import JSON, Desk, coming_working_day
from tests.support.conferences.plans import AGENDA, on_plan

REASON = {"reason": "It was another child."}
TABLES = (
    "protection",
    "protection_plan",
    "deadline",
    "core_group",
    "plan_check",
    "twelve_month_discussion",
    "feedback",
)


async def standing(desk: Desk) -> dict[str, list[str]]:
    """Where the children stand and what is owed, whatever the rows are called."""
    return {
        table: sorted(row["row"] for row in await desk.rows(f"SELECT (to_jsonb(t) - 'id')::text AS row FROM {table} t"))
        for table in TABLES
    }


async def voided(desk: Desk, path: str, **options: Any) -> JSON:
    return dict(await desk.done("POST", f"{path}/void", REASON, **options))


async def test_core_groups_are_voided_one_after_the_other_the_last_first(desk: Desk) -> None:
    await on_plan(desk, "P1", "P2")
    never = await standing(desk)
    met = {"person_ids": ["P1"], "held_on": clock.today().isoformat(), "next_on": coming_working_day(20).isoformat()}
    (first,) = await desk.done("POST", "/v1/core-groups", met, status=201)
    once = await standing(desk)
    missed = {"person_ids": ["P1"], "missed_because": "Snow.", "next_on": coming_working_day(23).isoformat()}
    (second,) = await desk.done("POST", "/v1/core-groups", missed, status=201)
    answer = await desk.ask("POST", f"/v1/core-groups/{first['id']}/void", REASON)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/core-group-followed")
    kept = await voided(desk, f"/v1/core-groups/{second['id']}")
    assert (kept["kind"], kept["person_ids"], kept["said"]["missed_because"]) == ("core_group", ["P1"], "Snow.")
    assert await standing(desk) == once
    await voided(desk, f"/v1/core-groups/{first['id']}")
    assert await standing(desk) == never
    assert [entry["said"]["id"] for entry in await desk.get("/internal/children/P1/voided")] == [
        second["id"],
        first["id"],
    ]
    assert await desk.get("/internal/children/P2/voided") == []


async def test_a_midway_check_is_owed_again(desk: Desk) -> None:
    await on_plan(desk)
    before = await standing(desk)
    body = {"kind": "midway", "visits_in_time": True, "core_groups_held": True}
    row = await desk.done("POST", "/v1/children/P1/plan-checks", body, status=201)
    await voided(desk, f"/v1/plan-checks/{row['id']}")
    assert await standing(desk) == before
    await desk.done("POST", "/v1/children/P1/plan-checks", body, status=201)


async def test_a_preparation_check_is_owed_again_while_its_conference_is_planned(desk: Desk) -> None:
    await on_plan(desk)
    review = await desk.planned(on=coming_working_day(30))
    before = await standing(desk)
    body = {"kind": "preparation", "visits_in_time": True, "core_groups_held": True}
    row = await desk.done("POST", "/v1/children/P1/plan-checks", body, status=201)
    await voided(desk, f"/v1/plan-checks/{row['id']}")
    assert await standing(desk) == before
    row = await desk.done("POST", "/v1/children/P1/plan-checks", body, status=201)
    cancelled = {"reason": "The family moved."}
    await desk.done("POST", f"/v1/conferences/{review['reference']}/cancel", cancelled, version=1)
    await voided(desk, f"/v1/plan-checks/{row['id']}")
    assert await desk.owed(kind="preparation_check") == []


async def test_a_discussion_is_owed_again(desk: Desk) -> None:
    await on_plan(desk)
    before = await standing(desk)
    body = {"led_by": "chair-2", "agenda": AGENDA, "conclusion": "The plan goes on."}
    path = "/v1/children/P1/twelve-month-discussions"
    row = await desk.done("POST", path, body, status=201)
    kept = await voided(desk, f"/v1/twelve-month-discussions/{row['id']}")
    assert kept["said"]["conclusion"] == "The plan goes on."
    assert await standing(desk) == before
    await desk.done("POST", path, body, status=201)


async def test_feedback_counts_no_more(desk: Desk) -> None:
    held = await on_plan(desk)
    before = await standing(desk)
    body = {"from_whom": "child", "rating": "amber"}
    row = await desk.done("POST", f"/v1/conferences/{held['reference']}/feedback", body, status=201)
    await voided(desk, f"/v1/feedback/{row['id']}", role=Role.BUSINESS_SUPPORT, subject="support-1")
    assert await standing(desk) == before
    (kept,) = await desk.get("/internal/children/P1/voided")
    assert (kept["kind"], kept["voided_by"]) == ("feedback", "support-1")


async def test_what_is_not_there_is_not_found_and_nothing_is_touched(desk: Desk) -> None:
    await on_plan(desk)
    before = await standing(desk)
    for kind in ("core-groups", "plan-checks", "twelve-month-discussions", "feedback"):
        answer = await desk.ask("POST", f"/v1/{kind}/{uuid4()}/void", REASON)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), kind
        assert (await desk.ask("POST", f"/v1/{kind}/{uuid4()}/void", {})).status_code == 422
    assert await standing(desk) == before


async def test_what_is_about_a_restricted_child_is_not_found_by_others(desk: Desk) -> None:
    await on_plan(desk)
    group = {"person_ids": ["P1"], "held_on": clock.today().isoformat()}
    (row,) = await desk.done("POST", "/v1/core-groups", group, status=201)
    await desk.rows("UPDATE chassis.child SET restricted = true")
    await desk.rows("UPDATE protection SET chair_id = 'chair-2'")
    assert (await desk.ask("POST", f"/v1/core-groups/{row['id']}/void", REASON)).status_code == 404
    assert len(await desk.rows("SELECT FROM core_group")) == 1
    await voided(desk, f"/v1/core-groups/{row['id']}", role=Role.TEAM_MANAGER, subject="manager-1")
    assert (await desk.ask("GET", "/internal/children/P1/voided")).status_code == 404
