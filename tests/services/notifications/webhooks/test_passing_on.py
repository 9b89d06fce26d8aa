"""What the other services publish is passed on to those outside who want it, as it is, and once."""

import json
from typing import Any
from uuid import uuid4

from chassis.base import clock
from tests.support.conferences.proposing import publish
from tests.support.notifications.webhooks import Listener, deliveries, register
from tests.support.serving import Client
from tests.support.waiting import eventually


def raised() -> dict[str, Any]:
    """An event as the row that its publisher keeps; nobody here does anything when it comes."""
    data = {"reference": "CHA-1", "theme": "drift", "raised_on": "2020-04-06", "more": [None, {"a": 1.5}]}
    return {
        "id": uuid4(),
        "type": "challenge.raised",
        "subject": "CHA-1",
        "at": clock.now(),
        "data": json.dumps(data),
        "request_id": "from-outside-1",
    }


async def test_an_event_is_passed_on_as_it_is(notifications: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    registered = await register(notifications, url, event_types=["challenge.raised"])
    event = raised()
    for _ in range(2):
        assert await publish(notifications, "escalations", event) == 204
    assert await eventually(lambda: deliveries(notifications, endpoint_id=registered["id"], state="delivered"))
    ((headers, body),) = outside.requests
    assert json.loads(body) == {
        "specversion": "1.0",
        "id": str(event["id"]),
        "source": "escalations",
        "type": "challenge.raised",
        "subject": "CHA-1",
        "time": event["at"].isoformat(),
        "datacontenttype": "application/json",
        "requestid": "from-outside-1",
        "data": json.loads(event["data"]),
    }
    assert headers["webhook-id"] == str(event["id"])


async def test_who_wants_other_types_is_not_told(notifications: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    await register(notifications, f"{url}?other", event_types=["escalation.raised"])
    registered = await register(notifications, url)
    assert await publish(notifications, "escalations", raised()) == 204
    assert await eventually(lambda: outside.has_received(1))
    (delivery,) = await deliveries(notifications)
    assert (delivery["endpoint_id"], delivery["event_type"]) == (registered["id"], "challenge.raised")


async def test_what_is_not_public_is_not_passed_on(notifications: Client) -> None:
    await register(notifications, "http://127.0.0.1:9/hook")
    assert await publish(notifications, "escalations", raised() | {"type": "challenge.whispered"}) == 204
    assert await notifications.process.database.statements.rows("SELECT FROM chassis.outgoing") == []


async def test_our_own_services_are_told_by_the_publisher_alone(running: Any) -> None:
    told = {"name": "reviews", "url": "http://127.0.0.1:9/webhooks/events", "secrets": ["whsec_" + "x" * 32]}
    client = await running("notifications", worker_in_web=True, webhook_subscribers=[told])
    assert await publish(client, "escalations", raised()) == 204

    async def addressed() -> Any:
        return await client.process.database.statements.rows(
            "SELECT FROM chassis.outgoing WHERE addressed_at IS NOT NULL"
        )

    assert await eventually(addressed)
    assert await client.process.database.statements.rows("SELECT FROM chassis.delivery") == []
