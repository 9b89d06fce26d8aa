"""The requests and answers about outside subscribers and deliveries."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.base.fields import Input
from chassis.events.deliveries import WebhookEndpointBase
from chassis.web.pagination import Page

State = Literal["waiting", "delivered", "parked"]


class WebhookEndpointIn(Input):
    """Where a system wants to receive events."""

    url: str = Field(min_length=1, max_length=2000, description="An https address on the open internet.")
    event_types: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="The types of event to receive. Leave it empty to receive all of them.",
    )
    description: str = Field(default="", max_length=200, description="What this endpoint is for.")


class WebhookEndpointOut(WebhookEndpointBase):
    """An endpoint outside this system that receives events."""


class WebhookEndpointSecretOut(BaseModel):
    """An endpoint's new secret. It is shown once."""

    id: UUID
    secret: str | None = Field(
        description="The secret with which events are signed, as Standard Webhooks writes it. It is null where a "
        "request is sent again under its Idempotency-Key: rotate the secret if the first answer was lost."
    )
    earlier_secret_until: datetime | None = Field(
        description="Until then, events are signed with the earlier secret as well."
    )


class WebhookEndpointPage(Page[WebhookEndpointOut]):
    """One page of endpoints, newest first."""


class DeliveryAttemptOut(BaseModel):
    """One attempt to deliver an event."""

    at: datetime
    status: int | None = Field(description="The HTTP status of the answer, or null if there was none.")
    milliseconds: int
    answer: str = Field(description="The beginning of the answer, or the kind of failure.")


class DeliveryOut(BaseModel):
    """One event on its way to one subscriber."""

    event_id: UUID
    event_type: str
    subject: str
    happened_at: datetime
    subscriber: str = Field(description="The endpoint's id, or the name of a service of this system.")
    state: State = Field(description="A `parked` delivery is not tried again unless it is replayed.")
    due_at: datetime | None = Field(description="When it is tried next.")
    delivered_at: datetime | None
    parked_at: datetime | None
    tries: int
    attempts: list[DeliveryAttemptOut]


class DeliveryPage(Page[DeliveryOut]):
    """One page of deliveries, newest event first."""


class ReplayIn(Input):
    """Which deliveries to send again."""

    subscriber: str = Field(min_length=1, max_length=100, description="The endpoint's id, or a service's name.")
    event_id: UUID | None = Field(default=None, description="The event; leave it out to send all parked ones.")


class ReplayOut(BaseModel):
    """How many deliveries are sent again."""

    replayed: int
