"""A chair who leaves hands over every child, every conference, and what is left to decide, in one step."""

from tests.support.conferences.desk import GP, SOCIAL_WORKER, Desk, coming_working_day
from tests.support.conferences.receiving import hand_over


async def test_everything_is_handed_over_at_once(desk: Desk) -> None:
    conference = await desk.held("P1", "P2", invite=[SOCIAL_WORKER | {"report_expected": False}, GP])
    await desk.closed(conference)
    review = await desk.planned("P1", "P2", on=coming_working_day(30))
    given = await hand_over(desk)
    assert given["person_ids"] == ["P1", "P2"] and given["refused"] == []
    assert given["references"] == sorted([conference["reference"], review["reference"]])
    for table in ("child", "deadline", "conference", "child_conference", "proposal", "protection_plan", "invitation"):
        assert {row["chair_id"] for row in await desk.rows(f"SELECT chair_id FROM {table}")} == {"chair-2"}, table
    assert {row["owner_id"] for row in await desk.owed(kind="proposals")} == {"chair-2"}
    audited = await desk.rows("SELECT caller FROM chassis.audit_entry WHERE action = 'hand_over'")
    assert audited == [{"caller": "manager-1"}]
    again = await hand_over(desk)
    assert (again["person_ids"], again["references"], again["refused"]) == ([], [], [])


async def test_a_child_with_a_conflict_stays_and_is_named(desk: Desk) -> None:
    await desk.registered("P1")
    await desk.registered("P2", social_worker_id="chair-2", family_id="F2")
    await desk.enquired("P1", "P2")
    kept = await desk.planned("P2", on=coming_working_day(2))
    moved = await desk.planned("P1", on=coming_working_day(3))
    given = await hand_over(desk)
    assert (given["person_ids"], given["references"]) == (["P1"], [moved["reference"]])
    assert given["refused"] == [
        {"person_id": "P2", "reference": reference, "rule": "independent"} for reference in (None, kept["reference"])
    ]
    rows = await desk.rows("SELECT chair_id FROM conference WHERE reference = $1", kept["reference"])
    assert rows == [{"chair_id": "chair-1"}]


async def test_a_chair_is_allocated_to_a_child_of_whom_there_is_something_to_chair(desk: Desk) -> None:
    await desk.registered()
    path = "/v1/children/P1/allocate"
    assert (await desk.ask("POST", path, {"chair_id": "chair-2"})).json()["type"] == "/problems/nothing-to-chair"
    await desk.enquired()
    allocated = await desk.done("POST", path, {"chair_id": "chair-2"})
    assert allocated["chair_id"] == "chair-2"
    (owed,) = await desk.owed()
    assert owed["chair_id"] == "chair-2"
    assert (await desk.planned())["chair_id"] == "chair-2"
