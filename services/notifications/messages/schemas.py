"""Messages, their attempts, and suppressed addresses."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, EmailStr, Field

from chassis.access.moves import can
from chassis.base.fields import Input
from chassis.web.pagination import Page
from services.notifications.fields import Name
from services.notifications.messages.models import MessageBase, SuppressionBase


class MessageOut(MessageBase):
    """A message in the log."""

    id: UUID
    can: list[str] = can()


class MessagePage(Page[MessageOut]):
    """One page of messages, newest first."""


class MessageAttemptOut(BaseModel):
    """An attempt to send a message."""

    at: datetime
    outcome: str


class WholeMessageOut(MessageOut):
    """A message with its text, without the secret of its answer link."""

    html: str
    text: str
    calendar: str | None = Field(description="The calendar entry that is attached, as iCalendar.")
    attempts: list[MessageAttemptOut]


class QueuedOut(BaseModel):
    """A message that was queued."""

    id: UUID


class SuppressionIn(Input):
    """An address to which nothing more is sent."""

    address: EmailStr
    reason: Name


class LiftSuppressionIn(Input):
    """An address to which messages are sent again."""

    address: EmailStr


class SuppressionOut(SuppressionBase):
    """An address to which nothing is sent."""


class SuppressionPage(Page[SuppressionOut]):
    """One page of suppressed addresses."""


class BouncesOut(BaseModel):
    """What a delivery-status mail was about."""

    message_ids: list[UUID]
    permanent: bool
