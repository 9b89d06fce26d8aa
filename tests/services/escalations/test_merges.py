"""What is said about a number that turns out to be another child's follows a merge, once, and returns if it is undone."""

from uuid import uuid4

import pytest

from chassis.access.callers import Role
from tests.support.children.replica import children_say
from tests.support.escalations.desk import CARE_PLANNING, Desk

NUMBERS = """
    SELECT reference, person_ids, version FROM escalation
    UNION ALL SELECT reference, person_ids, version FROM challenge
    UNION ALL SELECT reference, person_ids, version FROM good_practice ORDER BY reference
"""


async def say(desk: Desk, kind: str, merge_id: str) -> None:
    """What the children service says of a merge."""
    said = {"merge_id": merge_id, "from_person_id": "P1", "into_person_id": "P2"}
    more = {"merged_by": "manager-1", "undone_by": "manager-2"}
    assert await children_say(desk, "escalations", f"child.{kind}", **said, **more) == 204


async def numbers(desk: Desk) -> dict[str, list[str]]:
    """Whom each is about."""
    return {row["reference"]: row["person_ids"] for row in await desk.rows(NUMBERS)}


@pytest.fixture
async def said(desk: Desk) -> dict[str, list[str]]:
    """An escalation about one number, one about both, a challenge and good practice."""
    await desk.raised(CARE_PLANNING, person_ids=["P1"])
    await desk.raised(CARE_PLANNING, person_ids=["P1", "P2"])
    await desk.raised(CARE_PLANNING, person_ids=["P3", "P1"])
    about = {"person_ids": ["P1"], "area_id": "north"}
    challenge = {"theme": "drift_and_delay", "about": "Slow."} | about
    assert (await desk.post("/v1/challenges", challenge)).status_code == 201
    practice = {"worker_name": "Robin Planted", "team": "Team 1", "practice": "Well done."} | about
    assert (await desk.post("/v1/good-practice", practice)).status_code == 201
    return await numbers(desk)


async def test_everything_follows_a_merge_once_and_returns_when_it_is_undone(
    desk: Desk, said: dict[str, list[str]]
) -> None:
    merge_id = str(uuid4())
    for _ in range(2):
        await say(desk, "merged", merge_id)
        assert await numbers(desk) == {
            reference: people if "P2" in people else ["P2" if number == "P1" else number for number in people]
            for reference, people in said.items()
        }
    for _ in range(2):
        await say(desk, "merge_undone", merge_id)
        assert await numbers(desk) == said
    assert {row["version"] for row in await desk.rows(NUMBERS)} == {1, 3}
    assert [row["caller"] for row in await desk.audited("follow_merge")] == ["manager-1"]
    assert [row["caller"] for row in await desk.audited("follow_undone_merge")] == ["manager-2"]


async def test_a_merge_that_was_undone_before_it_was_told_moves_nothing(desk: Desk, said: dict[str, list[str]]) -> None:
    merge_id = str(uuid4())
    await say(desk, "merge_undone", merge_id)
    await say(desk, "merged", merge_id)
    assert await numbers(desk) == said


async def test_a_child_whom_the_children_service_restricts_is_hidden(desk: Desk) -> None:
    escalation = await desk.raised(CARE_PLANNING, person_ids=["P1"])
    path, told = f"/v1/escalations/{escalation['reference']}", {"person_id": "P1", "merged_into": None}
    for version, restricted, status in ((2, True, 404), (1, False, 404), (3, False, 200)):
        event = told | {"version": version, "restricted": restricted}
        assert await children_say(desk, "escalations", "child.changed", **event) == 204
        assert (await desk.get(path)).status_code == status
        assert (await desk.get(path, role=Role.TEAM_MANAGER, subject="manager-1")).status_code == 200
