"""The endpoints outside this system that receive events."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from chassis.base.fields import new_id
from chassis.db.columns import TEXTS
from chassis.db.database import moment
from services.notifications.models import Base, Shared
from services.notifications.webhooks.event_types import EventType


class WebhookEndpointBase(Shared):
    """An endpoint outside this system that receives events."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    url: str
    description: str
    event_types: list[EventType] = Field(sa_type=TEXTS)
    created_at: datetime = moment()
    created_by: str
    disabled_at: datetime | None = moment(nullable=True)
    disabled_because: str | None = Field(default=None, description="Why it no longer receives events.")
    version: int


class WebhookEndpoint(Base, WebhookEndpointBase, table=True):
    """An endpoint outside this system that receives events; no event types at all means all of them.

    A rotated secret stays valid for a day, so that its owner can change over without losing an event.
    """

    secret: str
    earlier_secret: str | None = None
    earlier_secret_until: datetime | None = moment(nullable=True)
    version: int = 1
