"""An endpoint is changed, disabled, told what it missed, and removed."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.events import deliveries as outbox
from services.notifications.webhooks.sending import OUTSIDE
from tests.support.notifications.directory import AREA, put
from tests.support.notifications.webhooks import ENDPOINTS, Listener, ask, deliveries, register
from tests.support.running import Running
from tests.support.serving import Client
from tests.support.waiting import eventually

HOOK = "http://127.0.0.1:9/hook"


async def change_areas(notifications: Client, *area_ids: str) -> None:
    for area_id in area_ids:
        assert (await put(notifications, f"areas/{area_id}", AREA)).status_code == 201


def areas_received(listener: Listener) -> list[str]:
    events = [json.loads(body) for _, body in listener.requests]
    return [event["subject"] for event in events if event["type"] == "directory.area_changed"]


async def test_what_waits_is_sent_to_the_changed_address(notifications: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    registered = await register(notifications, HOOK)
    await change_areas(notifications, "north")
    read = await ask(notifications, "GET", registered)
    wanted = {"url": url, "event_types": ["directory.area_changed"], "description": "Case system"}
    changed = await ask(notifications, "PUT", registered, body=wanted, tag=read.headers["ETag"])
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json().items() >= wanted.items()
    assert await eventually(lambda: outside.has_received(1))
    again = await ask(notifications, "PUT", registered, body=wanted)
    assert (again.status_code, again.headers["ETag"]) == (200, '"2"')
    other = wanted | {"description": "Another"}
    stale = await ask(notifications, "PUT", registered, body=other, tag=read.headers["ETag"])
    assert (stale.status_code, (await ask(notifications, "PUT", registered, body=other)).status_code) == (412, 428)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": HOOK, "event_types": ["escalation.forgotten"]}, "event_types.0"),
        ({"url": HOOK, "event_types": ["escalation.raised", "escalation.raised"]}, "event_types"),
        ({"url": "nonsense"}, "url"),
    ],
)
async def test_what_cannot_be_registered_is_refused(notifications: Client, body: dict[str, Any], field: str) -> None:
    registered = await register(notifications, HOOK)
    answer = await ask(notifications, "PUT", registered, body=body, tag='"1"')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_what_happened_while_it_was_disabled_is_sent_when_it_is_asked_for(
    notifications: Client, listener: tuple[Listener, str]
) -> None:
    """And what was sent is not sent again, nor the test of another endpoint."""
    outside, url = listener
    registered = await register(notifications, url)
    other = await register(notifications, f"{url}?other", event_types=["escalation.raised"])
    since = clock.now().isoformat()
    await change_areas(notifications, "north")
    assert await eventually(lambda: deliveries(notifications, state="delivered"))
    assert (await ask(notifications, "POST", registered, "/disable")).json()["disabled_at"] is not None
    await change_areas(notifications, "south", "west")
    assert (await ask(notifications, "POST", other, "/test")).status_code == 202
    assert await eventually(lambda: outside.has_received(2))
    for verb, body in (("/test", None), ("/replay", {"since": since})):
        refused = await ask(notifications, "POST", registered, verb, body)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/endpoint-disabled")
    await ask(notifications, "POST", registered, "/enable")
    replayed = await ask(notifications, "POST", registered, "/replay", {"since": since})
    assert (replayed.status_code, replayed.json()) == (202, {"replayed": 2})
    assert await eventually(lambda: outside.has_received(4))
    assert sorted(areas_received(outside)) == ["north", "south", "west"]


async def test_one_event_is_sent_again(notifications: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    registered = await register(notifications, url)
    await change_areas(notifications, "north", "south")
    assert await eventually(lambda: outside.has_received(2))
    event_id = json.loads(outside.requests[0][1])["id"]
    again = {"event_id": event_id}
    assert (await ask(notifications, "POST", registered, "/replay", again)).json() == {"replayed": 1}
    assert await eventually(lambda: outside.has_received(3))
    assert [headers["webhook-id"] for headers, _ in outside.requests].count(event_id) == 2
    both = again | {"since": "2020-01-01T00:00:00Z"}
    assert (await ask(notifications, "POST", registered, "/replay", both)).status_code == 422


async def test_a_removed_endpoint_leaves_nothing_behind(notifications: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    outside.status = 500
    registered = await register(notifications, url)
    await change_areas(notifications, "north")
    assert await eventually(lambda: outside.has_received(1))
    removed = await ask(notifications, "DELETE", registered)
    assert (removed.status_code, (await ask(notifications, "GET", registered)).status_code) == (204, 404)
    assert (await ask(notifications, "DELETE", registered)).status_code == 404
    assert await notifications.process.database.statements.rows("SELECT FROM chassis.delivery") == []


async def test_who_removes_an_endpoint_removes_the_deliveries_that_are_being_made(running: Running) -> None:
    client = await running("notifications", allow_private_webhook_addresses=True)
    registered = await register(client, HOOK)
    await change_areas(client, "north")
    connection = await asyncpg.connect(client.settings.database_url.get_secret_value())
    async with connection.transaction():
        addressing = outbox.ADDRESS.format(outside=OUTSIDE.wanting)
        assert (await connection.fetchrow(addressing, clock.now(), 10, []))["subscribers"] == [registered["id"]]
        removing = asyncio.create_task(ask(client, "DELETE", registered))
        await asyncio.sleep(0.3)
        assert not removing.done()
    assert (await removing).status_code == 204
    assert await connection.fetch("SELECT FROM chassis.delivery") == []
    await connection.close()


async def test_it_is_listed_without_its_secret(notifications: Client) -> None:
    registered = await register(notifications, HOOK, event_types=["review.held"], description="Case system")
    (listed,) = (await notifications.get(ENDPOINTS, headers=notifications.as_(Role.ADMINISTRATOR))).json()["items"]
    assert listed == (await ask(notifications, "GET", registered)).json()
    assert registered["secret"] not in json.dumps(listed)
