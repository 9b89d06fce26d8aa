"""What other services say, told to conferences as their relays would."""

import json
from typing import Any
from uuid import uuid4

import httpx

from chassis.base import clock
from chassis.events.standard_webhooks import sign
from tests.support import keys
from tests.support.conferences.desk import JSON, Desk

SINGLE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


def event(source: str, kind: str, **data: Any) -> JSON:
    """An event, with more than is read of it."""
    content = {"area_id": "north", "owner_id": "chair-1"} | data
    return {"specversion": "1.0", "id": str(uuid4()), "source": source, "type": kind, "subject": "-", "data": content}


async def receive(desk: Desk, events: Any, *, secret_of: str | None = None, **more: str) -> httpx.Response:
    """Tell the service an event, or a batch of them, as the publisher would."""
    publisher = secret_of or (events[0] if isinstance(events, list) else events)["source"]
    body = json.dumps(events)
    headers = sign([keys.webhook_secret(publisher, "conferences")], str(uuid4()), clock.machine_now(), body)
    media_type = {"Content-Type": BATCH if isinstance(events, list) else SINGLE}
    return await desk.client.post("/webhooks/events", content=body, headers=headers | media_type | more)


async def received(desk: Desk, *events: JSON) -> None:
    """Tell it events one after the other; each is taken in."""
    for event in events:
        answer = await receive(desk, event)
        assert answer.status_code == 204, answer.text


async def hand_over(
    desk: Desk, chair_id: str = "chair-1", to: str = "chair-2", hand_over_id: str | None = None
) -> JSON:
    """Everything of a chair is handed over from today on, as a manager had notifications tell; what was told of it."""
    number = hand_over_id or str(uuid4())
    data = {"hand_over_id": number, "chair_id": chair_id, "to": to, "handed_over_by": "manager-1"}
    await received(desk, event("notifications", "chair.handed_over", starts_on=clock.today().isoformat(), **data))
    (told,) = [row for row in await desk.published("conferences.handed_over") if row["hand_over_id"] == number]
    return told
