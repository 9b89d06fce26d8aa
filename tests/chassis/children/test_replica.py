"""The replica of children: asked back, kept by version, asked for at once where it is not there yet."""

import json
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.children.replica import AT_ONCE
from chassis.events.event import BATCH, SINGLE
from chassis.events.standard_webhooks import sign
from tests.support import keys
from tests.support.chassis.nursery import FOLLOWED, NURSERY
from tests.support.children.replica import ASKED, KNOWN, identity, owner
from tests.support.running import Running
from tests.support.serving import Client

FOUND = """
    INSERT INTO chassis.child (person_id, disabilities, siblings, area_id, restricted, version)
    VALUES ('P1', '{}', '{}', 'north', false, 0), ('P2', '{}', '{}', 'north', false, 0)
"""


@pytest.fixture
async def nursery(running: Running) -> AsyncIterator[Client]:
    async with owner() as address:
        secrets = {"children": [keys.webhook_secret("children", "nursery")]}
        yield await running(NURSERY, webhook_publishers=secrets, children_url=address)
    KNOWN.clear()
    FOLLOWED.clear()


async def hear(nursery: Client, person_id: str, version: int) -> int:
    return await send(nursery, json.dumps(changed(person_id, version)), SINGLE)


def changed(person_id: str, version: int) -> dict[str, object]:
    """The event that a child is another one now."""
    data = {"person_id": person_id, "version": version, "restricted": False, "merged_into": None}
    return {"specversion": "1.0", "id": str(uuid4()), "source": "children", "type": "child.changed", "data": data}


async def send(nursery: Client, body: str, kind: str) -> int:
    """Send one event or a batch, as the relay does; how it was answered."""
    headers = sign([keys.webhook_secret("children", "nursery")], str(uuid4()), clock.machine_now(), body)
    return (await nursery.post("/webhooks/events", content=body, headers=headers | {"Content-Type": kind})).status_code


async def kept(nursery: Client) -> list[tuple[str, str | None, int]]:
    rows = await nursery.process.database.statements.rows("SELECT * FROM chassis.child ORDER BY person_id")
    return [(row["person_id"], row["family_name"], row["version"]) for row in rows]


def knows(person_id: str, version: int, **said: object) -> None:
    """The children service knows this child now."""
    given = {"family_name": f"Version {version}", "area_id": "north"} | said
    KNOWN[person_id] = identity(person_id, version=version, **given)


async def test_what_is_newer_is_asked_for_and_kept_and_followed(nursery: Client) -> None:
    knows("P1", 2)
    assert await hear(nursery, "P1", 2) == 204
    # What comes late says nothing new, and nobody is asked.
    KNOWN.clear()
    assert await hear(nursery, "P1", 1) == 204
    assert await kept(nursery) == [("P1", "Version 2", 2)]
    assert FOLLOWED == ["P1"]
    knows("P1", 4)
    # The event is older than what is answered, and what is answered is kept.
    assert await hear(nursery, "P1", 3) == 204
    assert await hear(nursery, "P1", 4) == 204
    assert await kept(nursery) == [("P1", "Version 4", 4)]
    assert FOLLOWED == ["P1", "P1"]


async def test_children_of_one_batch_are_asked_for_in_one_question(nursery: Client) -> None:
    many = [f"P{number:04}" for number in range(AT_ONCE + 1)]
    for person_id in many:
        knows(person_id, 1)
    ASKED.clear()
    events = [changed(person_id, 1) for person_id in many]
    assert await send(nursery, json.dumps(events), BATCH) == 204
    assert [len(asked) for asked in ASKED] == [AT_ONCE, 1]
    assert [person_id for person_id, _, _ in await kept(nursery)] == many == sorted(FOLLOWED)


async def test_a_child_who_is_not_here_yet_is_asked_for_at_once(nursery: Client) -> None:
    chair = nursery.as_(Role.CHAIR)
    unknown = await nursery.put("/v1/cots/P1", headers=chair)
    assert unknown.status_code == 404
    assert unknown.json()["detail"] == "Send the child first: PUT /v1/children/P1."
    knows("P1", 1)
    answer = await nursery.put("/v1/cots/P1", headers=chair)
    assert answer.json() == {"family_name": "Version 1", "version": 1}
    knows("P2", 1, restricted=True)
    assert (await nursery.put("/v1/cots/P2", headers=chair)).status_code == 404
    assert (await nursery.put("/v1/cots/P2", headers=nursery.as_(Role.CHAIR, Role.TEAM_MANAGER))).status_code == 200


async def test_whom_an_import_found_is_listed_until_the_owner_says_who_it_is(nursery: Client) -> None:
    await nursery.process.database.statements.rows(FOUND)
    service = nursery.as_service("children")
    listed = (await nursery.get("/internal/children-found", headers=service)).json()
    assert [child["person_id"] for child in listed] == ["P1", "P2"]
    for query in ({"after": "P1"}, {"person_id": ["P2", "P9"]}):
        chosen = (await nursery.get("/internal/children-found", params=query, headers=service)).json()
        assert [child["person_id"] for child in chosen] == ["P2"]
    assert (await nursery.get("/internal/children-found", headers=nursery.as_(Role.CHAIR))).status_code == 403
    knows("P1", 1)
    assert await hear(nursery, "P1", 1) == 204
    left = (await nursery.get("/internal/children-found", headers=service)).json()
    assert [child["person_id"] for child in left] == ["P2"]
