"""Copies of what others own: the newest version counts in any order, and nobody can be named who is not there."""

import json
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.events.standard_webhooks import sign
from tests.support import keys
from tests.support.chassis.shelf import SHELF
from tests.support.running import Running
from tests.support.serving import Client


@pytest.fixture
async def shelf(running: Running) -> Client:
    return await running(SHELF, webhook_publishers={"shop": [keys.webhook_secret("shop", "shelf")]})


def event(kind: str = "thing", **data: Any) -> dict[str, Any]:
    """A change as the shop tells it, with more than is read here."""
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "shop",
        "type": f"{kind}.changed",
        "data": {"name": "Invented"} | data,
    }


async def receive(shelf: Client, *events: dict[str, Any]) -> int:
    body = json.dumps(events)
    headers = sign([keys.webhook_secret("shop", "shelf")], str(uuid4()), clock.machine_now(), body)
    media_type = {"Content-Type": "application/cloudevents-batch+json"}
    return (await shelf.post("/webhooks/events", content=body, headers=headers | media_type)).status_code


async def kept(shelf: Client, entry: str) -> tuple[Any, ...]:
    row = await shelf.process.database.statements.first_row("SELECT * FROM chassis.copy WHERE id = $1", entry)
    return (row["kind"], row["version"], row["ends_on"], json.loads(row["attributes"]))


async def test_the_newest_version_counts_in_any_order(shelf: Client) -> None:
    versions: list[dict[str, Any]] = [
        {"version": 1, "roles": ["lamp"], "ends_on": None},
        {"version": 2, "roles": ["lamp", "shade"], "ends_on": "2030-01-01", "size": 0.5},
        {"version": 3, "roles": [], "ends_on": None},
    ]
    for number, order in enumerate(permutations(versions)):
        for change in order:
            assert await receive(shelf, event(id=f"thing-{number}", **change)) == 204
        assert await kept(shelf, f"thing-{number}") == ("thing", 3, None, {"roles": [], "size": None})


async def test_an_event_that_comes_twice_takes_effect_once(shelf: Client) -> None:
    lamp = event(id="lamp", version=1)
    assert await receive(shelf, lamp, lamp) == 204
    await shelf.process.database.statements.rows("UPDATE chassis.copy SET version = 0 WHERE id = 'lamp'")
    assert await receive(shelf, lamp) == 204
    assert (await kept(shelf, "lamp"))[1] == 0


async def test_only_what_is_declared_is_kept(shelf: Client) -> None:
    lamp = event(id="lamp", version=4, roles=["light"], size=1.5, ends_on="2030-01-01")
    assert await receive(shelf, lamp, event("place", id="hall", version=1, roles=["unread"])) == 204
    kind, version, ends_on, attributes = await kept(shelf, "lamp")
    assert (kind, version, ends_on.isoformat()) == ("thing", 4, "2030-01-01")
    assert attributes == {"roles": ["light"], "size": 1.5}
    assert await kept(shelf, "hall") == ("place", 1, None, {})


async def name(shelf: Client, **names: str) -> httpx.Response:
    return await shelf.post("/v1/names", json=names, headers=shelf.as_(Role.CHAIR))


async def wrong(shelf: Client, **names: str) -> list[tuple[str, str, str]]:
    answer = await name(shelf, **names)
    assert answer.status_code == 422
    return [(error["field"], error["rule"], error["message"]) for error in answer.json()["errors"]]


async def test_whoever_is_there_can_be_named(shelf: Client) -> None:
    today, yesterday = clock.today(), clock.today() - timedelta(days=1)
    await receive(
        shelf,
        event(id="lamp", version=1, roles=["light", "ballast"]),
        event(id="vase", version=1),
        event("place", id="hall", version=1, ends_on=today.isoformat()),
        event("place", id="attic", version=1, ends_on=yesterday.isoformat()),
    )
    assert (await name(shelf, thing_id="lamp", place_id="hall")).status_code == 204
    assert (await name(shelf, thing_id="lamp", thing_role="light", place_id="hall")).status_code == 204
    assert await wrong(shelf, thing_id="lamp", thing_role="mirror", place_id="hall") == [
        ("thing_id", "thing_role", "The thing's roles are: ballast, light.")
    ]
    assert await wrong(shelf, thing_id="vase", thing_role="light", place_id="hall") == [
        ("thing_id", "thing_role", "The thing's roles are: none.")
    ]
    # Whoever left, whoever was never there, and whoever is there as something else.
    assert await wrong(shelf, thing_id="hall", place_id="attic") == [
        ("thing_id", "in_directory", "The directory has no such thing."),
        ("place_id", "in_directory", "The directory has no such place."),
    ]


async def test_the_directory_is_looked_up_each_time(shelf: Client) -> None:
    assert len(await wrong(shelf, thing_id="lamp", thing_role="light", place_id="hall")) == 2
    await receive(shelf, event(id="lamp", version=1, roles=["light"]), event("place", id="hall", version=1))
    assert (await name(shelf, thing_id="lamp", thing_role="light", place_id="hall")).status_code == 204
