"""A chair who leaves hands over every child, every conference, and what is left to decide, in one step."""

from chassis.access.callers import Role
from tests.support.conferences.desk import GP, JSON, SOCIAL_WORKER, Desk, coming_working_day

MANAGER: JSON = {"role": Role.TEAM_MANAGER, "subject": "manager-1"}
PATH = "/v1/conferences/hand-over"
BODY = {"from_chair_id": "chair-1", "to_chair_id": "chair-2"}


async def test_everything_is_handed_over_at_once(desk: Desk) -> None:
    conference = await desk.held("P1", "P2", invite=[SOCIAL_WORKER | {"report_expected": False}, GP])
    await desk.closed(conference)
    review = await desk.planned("P1", "P2", on=coming_working_day(30))
    given = await desk.done("POST", PATH, BODY, **MANAGER)
    assert given["person_ids"] == ["P1", "P2"] and given["refused"] == []
    assert given["references"] == sorted([conference["reference"], review["reference"]])
    for table in ("child", "deadline", "conference", "child_conference", "proposal", "protection_plan", "invitation"):
        assert {row["chair_id"] for row in await desk.rows(f"SELECT chair_id FROM {table}")} == {"chair-2"}, table
    assert {row["owner_id"] for row in await desk.owed(kind="proposals")} == {"chair-2"}
    (event,) = await desk.published("conferences.handed_over")
    assert (event["children"], event["conferences"]) == (2, 2)
    again = await desk.done("POST", PATH, BODY, **MANAGER)
    assert again == {"person_ids": [], "references": [], "refused": []}


async def test_a_child_with_a_conflict_stays_and_is_named(desk: Desk) -> None:
    await desk.registered("P1")
    await desk.registered("P2", social_worker_id="chair-2", family_id="F2")
    await desk.enquired("P1", "P2")
    kept = await desk.planned("P2", on=coming_working_day(2))
    moved = await desk.planned("P1", on=coming_working_day(3))
    given = await desk.done("POST", PATH, BODY, **MANAGER)
    assert (given["person_ids"], given["references"], given["refused"]) == (["P1"], [moved["reference"]], ["P2"])
    rows = await desk.rows("SELECT chair_id FROM conference WHERE reference = $1", kept["reference"])
    assert rows == [{"chair_id": "chair-1"}]


async def test_what_is_refused(desk: Desk) -> None:
    assert (await desk.ask("POST", PATH, BODY)).status_code == 403
    later = BODY | {"starts_on": coming_working_day(2).isoformat()}
    assert (await desk.ask("POST", PATH, later, **MANAGER)).json()["errors"][0]["field"] == "starts_on"
    nobody = BODY | {"to_chair_id": "worker-1"}
    assert (await desk.ask("POST", PATH, nobody, **MANAGER)).json()["errors"][0]["rule"] == "colleague_role"


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
