"""Schedules, messages and what became of them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, EmailStr, Field

from chassis.base.fields import Input
from chassis.web.pagination import Page
from services.notifications.fields import Name
from services.notifications.rules import MessageState


class ScheduleRunOut(BaseModel):
    """One run of a schedule."""

    period: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    attempts: int
    caught_up: bool = Field(description="It began more than an hour late.")
    outcome: dict[str, Any] = Field(description="What it did, such as how many messages it queued.")


class ScheduleOut(BaseModel):
    """Something that is sent by the clock."""

    name: str
    description: str
    last_run: ScheduleRunOut | None
    next_period: str | None
    next_due_at: datetime | None
    owed: list[str] = Field(description="The periods that are due and not done.")


class PeriodIn(Input):
    """Which period of a schedule."""

    period: Annotated[str, Field(min_length=4, max_length=20, description="As the schedule names it, `2019-Q1`.")]


class PreviewOut(BaseModel):
    """A message as it would be sent, or as who was `served_at` that time would get it if they were not left out."""

    runs_from: date | None = Field(description="The day from which it can be run; null if it can be now.")

    recipient_id: str
    address: str
    template: str
    subject: str
    html: str
    text: str
    served_at: datetime | None


class MessageOut(BaseModel):
    """A message in the log."""

    id: UUID
    template: str
    recipient_id: str
    address: str = Field(description="Empty for a letter to print.")
    subject: str
    schedule: str | None
    period: str | None
    state: MessageState
    queued_at: datetime
    due_at: datetime | None = Field(description="When it is sent or tried next.")
    tries: int
    sent_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None
    printed_at: datetime | None = Field(description="When a letter was printed.")
    printed_by: str | None
    failure: str | None
    resent_from: UUID | None


class MessagePage(Page[MessageOut]):
    """One page of messages, newest first."""


class MessageAttemptOut(BaseModel):
    """One try to send a message."""

    at: datetime
    outcome: str


class WholeMessageOut(MessageOut):
    """A message with its words; the secret of an answer link is left out of them."""

    html: str
    text: str
    attempts: list[MessageAttemptOut]


class QueuedOut(BaseModel):
    """A message that was queued."""

    id: UUID


class SuppressionIn(Input):
    """An address to which nothing more is sent."""

    address: EmailStr
    reason: Name


class SuppressionOut(BaseModel):
    """An address to which nothing is sent."""

    address: str
    reason: str
    since: datetime
    by: str


class SuppressionPage(Page[SuppressionOut]):
    """One page of suppressed addresses."""


class BouncesOut(BaseModel):
    """What a delivery-status mail was about."""

    message_ids: list[UUID]
    permanent: bool
