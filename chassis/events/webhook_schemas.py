"""What administrators send and are sent about outside subscribers and deliveries."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.web.pagination import Page

State = Literal["waiting", "delivered", "parked"]


class WebhookEndpointIn(BaseModel):
    """Where a system wants to be told events."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=2000, description="An https address on the open internet.")
    event_types: list[str] = Field(
        default_factory=list, max_length=100, description="The events wanted; none at all means every one."
    )
    description: str = Field(default="", max_length=200, description="What this endpoint is, for people.")


class WebhookEndpointOut(BaseModel):
    """An endpoint outside this system that is told events."""

    id: UUID
    url: str
    description: str
    event_types: list[str]
    created_at: datetime
    created_by: str
    disabled_at: datetime | None
    disabled_because: str | None = Field(description="Why it is told nothing more.")
    version: int


class WebhookEndpointSecretOut(BaseModel):
    """An endpoint's new secret; it is shown once."""

    id: UUID
    secret: str | None = Field(
        description="The secret with which events are signed, as Standard Webhooks writes it. It is null where a "
        "request is sent again under its Idempotency-Key: rotate the secret if the first answer was lost."
    )
    earlier_secret_until: datetime | None = Field(description="Until then events carry the earlier signature as well.")


class WebhookEndpointPage(Page[WebhookEndpointOut]):
    """One page of endpoints, newest first."""


class DeliveryAttemptOut(BaseModel):
    """One try to tell an event."""

    at: datetime
    status: int | None = Field(description="The HTTP status answered; null where nobody answered.")
    milliseconds: int
    answer: str = Field(description="The beginning of the answer, or the kind of failure.")


class DeliveryOut(BaseModel):
    """One event on its way to one subscriber."""

    event_id: UUID
    event_type: str
    subject: str
    happened_at: datetime
    subscriber: str = Field(description="The endpoint's id, or the name of a service of this system.")
    state: State = Field(description="`parked` deliveries were given up after their last try.")
    due_at: datetime | None = Field(description="When it is tried next.")
    delivered_at: datetime | None
    parked_at: datetime | None
    tries: int
    attempts: list[DeliveryAttemptOut]


class DeliveryPage(Page[DeliveryOut]):
    """One page of deliveries, newest event first."""


class ReplayIn(BaseModel):
    """Which deliveries are sent again."""

    model_config = ConfigDict(extra="forbid")

    subscriber: str = Field(min_length=1, max_length=100, description="The endpoint's id, or a service's name.")
    event_id: UUID | None = Field(default=None, description="This event alone; left out, all that are parked.")


class ReplayOut(BaseModel):
    """How many deliveries are sent again."""

    replayed: int
