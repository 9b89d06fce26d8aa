"""Two numbers turn out to be one child's: what conferences know follows the merge, once, and returns if it is undone."""

from typing import Any
from uuid import uuid4

from chassis.base import clock
from tests.support.conferences.desk import CASE_MANAGEMENT, GP, JSON, NOTIFICATIONS, SCHOOL, Desk, working_days_ago
from tests.support.conferences.receiving import event, received

TABLES = (
    "conference_request", "protection_plan", "conference", "child_conference", "invitation", "proposal", "feedback",
    "core_group", "plan_check", "twelve_month_discussion", "voided", "deadline",
)  # fmt: skip


def told(kind: str, merge_id: str, here: str = "P1", there: str = "P2") -> JSON:
    """What the children service says of a merge."""
    said = {"merge_id": merge_id, "from_person_id": here, "into_person_id": there}
    return event("children", f"child.{kind}", **said, merged_by="manager-1", undone_by="manager-1")


async def numbers(desk: Desk) -> dict[str, set[str]]:
    """The numbers that stand in each table."""
    found: dict[str, set[str]] = {}
    for table in TABLES:
        rows = await desk.rows(f"SELECT to_jsonb({table}) - 'said' AS said FROM {table}")
        text = str([row["said"] for row in rows])
        found[table] = {number for number in ("P1", "P2") if f'"{number}"' in text}
    return found


async def lived(desk: Desk) -> JSON:
    """A child with some of everything."""
    conference = await desk.held("P1", invite=[GP, SCHOOL])
    group = {"person_ids": ["P1"], "held_on": clock.today().isoformat()}
    (met,) = await desk.done("POST", "/v1/core-groups", group, status=201)
    await desk.done("POST", f"/v1/core-groups/{met['id']}/void", {"reason": "Another child's."})
    await desk.done("POST", "/v1/core-groups", group, status=201)
    said = {"kind": "midway", "visits_in_time": True, "core_groups_held": True}
    await desk.done("POST", "/v1/children/P1/plan-checks", said, status=201)
    agenda = ("progress", "impact", "barriers", "visits_and_core_groups", "alternatives", "next_steps")
    discussed: dict[str, Any] = {"led_by": "chair-2", "conclusion": "It goes on."}
    discussed["agenda"] = [{"topic": topic, "note": "Discussed."} for topic in agenda]
    await desk.done("POST", "/v1/children/P1/twelve-month-discussions", discussed, status=201)
    return conference


async def test_everything_follows_a_merge_once_and_returns_when_it_is_undone(desk: Desk) -> None:
    await lived(desk)
    await desk.registered("P2", born_on=desk.child()["born_on"])
    before, merge_id = await numbers(desk), str(uuid4())
    owed = await desk.owed("P1")
    assert {table for table, found in before.items() if found == {"P1"}} >= {*TABLES} - {"proposal", "feedback"}
    for _ in range(2):
        await received(desk, told("merged", merge_id))
        assert await numbers(desk) == {table: {"P2"} if found else set() for table, found in before.items()}
    moved = await desk.get("/v1/children/P2/protection")
    assert (len(moved["plans"]), moved["chair_id"], moved["category"]) == (1, "chair-1", "NEG")
    assert {row["person_id"] for row in await desk.rows("SELECT person_id FROM allocation")} == {"P2"}
    left = await desk.get("/v1/children/P1/protection")
    assert (left["plans"], left["chair_id"], left["plan_since"]) == ([], None, None)
    assert [row["kind"] for row in await desk.owed("P2")] == [row["kind"] for row in owed]
    for _ in range(2):
        await received(desk, told("merge_undone", merge_id))
        assert await numbers(desk) == before
    chairing = await desk.rows("SELECT person_id, chair_id FROM allocation WHERE ends_on IS NULL")
    assert [tuple(row.values()) for row in chairing] == [("P1", "chair-1")]
    back = await desk.get("/v1/children/P1/protection")
    assert (len(back["plans"]), back["chair_id"], back["category"]) == (1, "chair-1", "NEG")
    assert [(row["kind"], row["due_on"]) for row in await desk.owed("P1")] == [
        (row["kind"], row["due_on"]) for row in owed
    ]
    audited = await desk.rows("SELECT caller, action FROM chassis.audit_entry WHERE action LIKE 'follow_%merge'")
    assert [tuple(row.values()) for row in audited] == [
        ("manager-1", "follow_merge"), ("manager-1", "follow_undone_merge"),
    ]  # fmt: skip


async def test_a_merge_that_was_undone_before_it_was_told_moves_nothing(desk: Desk) -> None:
    await desk.held("P1")
    await desk.known("P2")
    before, merge_id = await numbers(desk), str(uuid4())
    await received(desk, told("merge_undone", merge_id), told("merged", merge_id))
    assert await numbers(desk) == before


async def test_of_whom_conferences_know_nothing_nothing_is_moved(desk: Desk) -> None:
    await desk.known("P1")
    await desk.known("P2")
    await received(desk, told("merged", str(uuid4())))
    assert await desk.rows("SELECT FROM protection") == []


async def test_two_numbers_in_one_conference_or_on_plans_at_one_time_are_not_one_childs(desk: Desk) -> None:
    both = await desk.held("P1", "P2")
    path = "/internal/merge-obstacles"
    asked = {"from_person_id": "P1", "into_person_id": "P2"}
    assert await desk.get(path, **asked, **NOTIFICATIONS) == [both["reference"]]
    assert await desk.get(path, from_person_id="P1", into_person_id="P3", **NOTIFICATIONS) == []
    before = await numbers(desk)
    await received(desk, told("merged", str(uuid4())))
    assert await numbers(desk) == before


async def test_a_number_that_was_merged_away_is_refused(desk: Desk) -> None:
    await desk.known("P1", merged_into="P2")
    body = {"person_id": "P1", "started_on": working_days_ago(5).isoformat()}
    answer = await desk.ask("PUT", "/v1/conferences/section-47-enquiries/E1", body, **CASE_MANAGEMENT)
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [("person_id", "merged")]
