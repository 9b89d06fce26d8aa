"""What other services say, told to reviews as their relays would."""

import json
from typing import Any
from uuid import uuid4

import httpx

from chassis.base import clock
from chassis.events.standard_webhooks import sign
from tests.support import keys
from tests.support.reviews.office import JSON, Office

SINGLE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


async def receive(office: Office, events: Any, *, secret_of: str = "escalations", **more: str) -> httpx.Response:
    """Tell the service an event, or a batch of them, as the publisher would."""
    body = json.dumps(events)
    headers = sign([keys.webhook_secret(secret_of, "reviews")], str(uuid4()), clock.machine_now(), body)
    media_type = {"Content-Type": BATCH if isinstance(events, list) else SINGLE}
    return await office.client.post("/webhooks/events", content=body, headers=headers | media_type | more)


async def hand_over(office: Office, chair_id: str = "chair-1", to: str = "chair-2") -> JSON:
    """Everything of a chair is handed over from today on, as a manager had notifications tell; what was told of it."""
    data = {
        "hand_over_id": str(uuid4()),
        "chair_id": chair_id,
        "to": to,
        "starts_on": clock.today().isoformat(),
        "handed_over_by": "manager-1",
    }
    event = {"specversion": "1.0", "id": str(uuid4()), "source": "notifications", "type": "chair.handed_over"}
    answer = await receive(office, event | {"subject": chair_id, "data": data}, secret_of="notifications")
    assert answer.status_code == 204, answer.text
    (told,) = [
        row for row in await office.published("reviews.handed_over") if row["hand_over_id"] == data["hand_over_id"]
    ]
    return told
