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
    for table in (
        "protection",
        "deadline",
        "conference",
        "child_conference",
        "proposal",
        "protection_plan",
        "invitation",
    ):
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
    path = "/internal/children/P1/chairs"
    assert (await desk.ask("POST", path, {"chair_id": "chair-2"})).json()["type"] == "/problems/nothing-to-chair"
    await desk.enquired()
    allocated = await desk.done("POST", path, {"chair_id": "chair-2"}, status=201)
    assert (allocated["chair_id"], allocated["allocated_by"]) == ("chair-2", "chair-1")
    assert await desk.done("POST", path, {"chair_id": "chair-2"}, status=201) == allocated
    earlier = {"chair_id": "chair-1", "starts_on": "2026-01-01"}
    assert (await desk.ask("POST", path, earlier)).json()["errors"][0]["rule"] == "reviews_only"
    (owed,) = await desk.owed()
    assert owed["chair_id"] == "chair-2"
    assert (await desk.planned())["chair_id"] == "chair-2"


async def test_whoever_chairs_is_kept_however_it_came_about(desk: Desk) -> None:
    await desk.held("P1")
    await hand_over(desk)
    history = await desk.get("/internal/children/P1/chairs")
    assert [(row["chair_id"], row["allocated_by"]) for row in history] == [("chair-1", None), ("chair-2", "manager-1")]
    assert [row["ends_on"] is None for row in history] == [False, True]
    assert (await desk.ask("GET", "/internal/children/P9/chairs")).status_code == 404
