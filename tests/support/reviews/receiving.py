"""What other services say, told to reviews as their relays would."""

import json
from typing import Any
from uuid import uuid4

import httpx

from chassis.base import clock
from chassis.events.standard_webhooks import sign
from tests.support import keys
from tests.support.reviews.office import Office

SINGLE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


async def receive(office: Office, events: Any, *, secret_of: str = "escalations", **more: str) -> httpx.Response:
    """Tell the service an event, or a batch of them, as the publisher would."""
    body = json.dumps(events)
    headers = sign([keys.webhook_secret(secret_of, "reviews")], str(uuid4()), clock.machine_now(), body)
    media_type = {"Content-Type": BATCH if isinstance(events, list) else SINGLE}
    return await office.client.post("/webhooks/events", content=body, headers=headers | media_type | more)
