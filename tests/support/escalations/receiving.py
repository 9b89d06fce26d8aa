"""What other services say, told to escalations as their relays would."""

import json
from typing import Any
from uuid import uuid4

import httpx

from chassis.base import clock
from chassis.events.standard_webhooks import sign
from tests.support import keys
from tests.support.escalations.desk import Desk

SINGLE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


async def receive(desk: Desk, events: Any, *, secret_of: str = "notifications", **more: str) -> httpx.Response:
    """Tell the service an event, or a batch of them, as the publisher would."""
    body = json.dumps(events)
    headers = sign([keys.webhook_secret(secret_of, "escalations")], str(uuid4()), clock.machine_now(), body)
    media_type = {"Content-Type": BATCH if isinstance(events, list) else SINGLE}
    return await desk.client.post("/webhooks/events", content=body, headers=headers | media_type | more)
