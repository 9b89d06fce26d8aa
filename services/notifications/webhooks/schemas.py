"""What administrators send and are shown of endpoints and deliveries."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, model_validator

from chassis.base.fields import Input, once_each
from chassis.base.validation import contradiction
from chassis.web.idempotency import SHOWN_ONCE
from chassis.web.pagination import Page
from services.notifications.webhooks.event_types import EventType
from services.notifications.webhooks.models import WebhookEndpointBase


class WebhookEndpointIn(Input):
    """Where a system wants to receive events, and which."""

    url: str = Field(min_length=1, max_length=2000, description="An https address on the open internet.")
    event_types: Annotated[list[EventType], AfterValidator(once_each)] = Field(
        default_factory=list, description="The types of event to receive. Leave it empty to receive all of them."
    )
    description: str = Field(default="", max_length=200, description="What this endpoint is for.")


class WebhookEndpointOut(WebhookEndpointBase):
    """An endpoint outside this system that receives events."""


class WebhookEndpointPage(Page[WebhookEndpointOut]):
    """One page of endpoints, newest first."""


class WebhookEndpointSecretOut(BaseModel):
    """An endpoint's new secret. It is shown once."""

    id: UUID
    secret: str | None = Field(
        description="The secret with which events are signed, as Standard Webhooks writes it. It is null where a "
        "request is sent again under its Idempotency-Key: rotate the secret if the first answer was lost.",
        json_schema_extra=SHOWN_ONCE,
    )
    earlier_secret_until: datetime | None = Field(
        description="Until then, events are signed with the earlier secret as well."
    )


class WebhookDeliveryState(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"


class WebhookAttemptOut(BaseModel):
    """One attempt to deliver an event."""

    at: datetime
    status: int | None = Field(description="The HTTP status of the answer, or null if there was none.")
    milliseconds: int
    answer: str = Field(description="The beginning of the answer, or the kind of failure.")


class WebhookDeliveryOut(BaseModel):
    """One event on its way to one endpoint."""

    endpoint_id: UUID = Field(description="The endpoint that it is sent to.")
    event_id: UUID
    event_type: EventType
    subject: str
    happened_at: datetime
    state: WebhookDeliveryState = Field(description="A `parked` delivery is not tried again unless it is replayed.")
    due_at: datetime | None = Field(description="When it is tried next.")
    delivered_at: datetime | None
    parked_at: datetime | None
    tries: int
    attempts: list[WebhookAttemptOut]


class WebhookDeliveryPage(Page[WebhookDeliveryOut]):
    """One page of deliveries, newest event first."""


class ReplayIn(Input):
    """What to send again: with neither field, what is parked."""

    event_id: UUID | None = Field(default=None, description="Send this event again, whether or not it arrived.")
    since: AwareDatetime | None = Field(
        default=None,
        description="Send what is parked, and what has happened since this moment and was never sent to the endpoint, "
        "as while it was disabled. What was sent is not sent again, so choose it early.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.event_id is not None and self.since is not None:
            contradiction("one_of_both", "Name an event, or a moment since which all are wanted.", "event_id", "since")
        return self


class ReplayOut(BaseModel):
    """How many deliveries are sent again."""

    replayed: int


class EndpointTestOut(BaseModel):
    """The event that tests an endpoint."""

    event_id: UUID
