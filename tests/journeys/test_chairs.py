"""Who chairs for a child: allocated at one address, handed over in one step, and shown as one history."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from chassis.access.callers import Role
from tests.support.journeys.restricted import HIDDEN, SEEN, House, house
from tests.support.running import Running
from tests.support.waiting import eventually

MANAGER: tuple[Role, str] = (Role.TEAM_MANAGER, "manager-1")


@pytest.fixture
async def made(running: Running) -> AsyncIterator[House]:
    """Two children with a history in every service, both of the first chair."""
    async with house(running) as found:
        yield found


async def chairs_of(made: House, person_id: str) -> list[tuple[str, str, bool]]:
    """Who chaired for a child: for what, who, and whether they still do."""
    answer = await made.ask("GET", f"/v1/children/{person_id}/chairs", Role.CHAIR, "chair-2")
    assert answer.status_code == 200, answer.text
    return sorted((row["about"], row["chair_id"], row["ends_on"] is None) for row in answer.json())


async def test_chairs_are_allocated_at_one_address(made: House) -> None:
    path = f"/v1/children/{SEEN}/chairs"
    assert await chairs_of(made, SEEN) == [("conference", "chair-1", True), ("review", "chair-1", True)]
    wanted = {"about": "conference", "chair_id": "chair-2"}
    key = {"Idempotency-Key": "only-once-please"}
    answer = await made.ask("POST", path, *MANAGER, json=wanted, headers=key)
    assert answer.status_code == 201, answer.text
    again = await made.ask("POST", path, *MANAGER, json=wanted, headers=key)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (answer.json(), "true")
    assert {name: answer.json()[name] for name in ("about", "chair_id", "allocated_by", "ends_on")} == {
        "about": "conference",
        "chair_id": "chair-2",
        "allocated_by": "manager-1",
        "ends_on": None,
    }
    assert await chairs_of(made, SEEN) == [
        ("conference", "chair-1", False),
        ("conference", "chair-2", True),
        ("review", "chair-1", True),
    ]
    refused = await made.ask("POST", path, *MANAGER, json={"about": "review", "chair_id": "nobody"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "chair_id")
    unknown = await made.ask(
        "POST", "/v1/children/P1/chairs", *MANAGER, json={"about": "review", "chair_id": "chair-2"}
    )
    assert unknown.status_code == 404
    assert (await made.ask("GET", "/v1/children/P1/chairs", *MANAGER)).status_code == 404
    body = {"about": "review", "chair_id": "chair-2"}
    assert (await made.ask("POST", path, Role.BUSINESS_SUPPORT, "support-1", json=body)).status_code == 403


async def test_everything_of_a_chair_is_handed_over_in_one_step(made: House) -> None:
    body = {"to": "chair-2", "reason": "She leaves."}
    answer = await made.ask("POST", "/v1/chairs/chair-1/hand-over", *MANAGER, json=body)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = {}

    async def finished() -> bool:
        shown.update((await made.ask("GET", answer.headers["Location"], *MANAGER)).json())
        return shown["finished_at"] is not None

    assert await eventually(finished)
    parts = {part["about"]: part for part in shown["parts"]}
    assert {about: part["refused"] for about, part in parts.items()} == {
        "conference": [],
        "escalation": [],
        "review": [],
    }
    assert parts["review"]["person_ids"] == parts["conference"]["person_ids"] == sorted([SEEN, HIDDEN])
    assert {reference[:3] for reference in parts["escalation"]["references"]} == {"ESC", "CHA"}
    for table in ("escalation", "challenge"):
        owners = await made.rows("escalations", f"SELECT DISTINCT owner_id FROM {table}")
        assert owners == [{"owner_id": "chair-2"}], table
    for about in ("conference", "review"):
        assert (about, "chair-2", True) in await chairs_of(made, HIDDEN)
    sql = "SELECT recipient_id FROM message WHERE template = 'handover'"
    assert await made.rows("notifications", sql) == [{"recipient_id": "chair-2"}]
