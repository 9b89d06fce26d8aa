"""Schedules, their runs and previews."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, field_validator

from chassis.base.fields import Input


class ScheduleQueuedOut(Input):
    """A run that queued its messages."""

    recipients: int = Field(description="How many people the messages are for.")
    queued: int = Field(description="How many messages were queued; who had theirs before gets none.")


class ScheduleFailedOut(Input):
    """A run that failed, and is tried again."""

    failed: str = Field(description="The kind of failure.")


class ScheduleRunOut(BaseModel):
    """One run of a schedule."""

    period: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    attempts: int
    caught_up: bool = Field(description="Whether it began more than an hour late.")
    outcome: ScheduleQueuedOut | ScheduleFailedOut | None = Field(
        description="What came of it; null while it is under way."
    )

    @field_validator("outcome", mode="before")
    @classmethod
    def _nothing_yet(cls, outcome: Any) -> Any:
        return outcome or None


class ScheduleOut(BaseModel):
    """Emails that are sent on a schedule."""

    name: str
    description: str
    last_run: ScheduleRunOut | None
    next_period: str | None
    next_due_at: datetime | None
    owed: list[str] = Field(description="The periods that are due and not sent yet.")


class PeriodIn(Input):
    """A period of a schedule."""

    period: Annotated[str, Field(min_length=4, max_length=20, description="The period, such as `2019-Q1`.")]


class PreviewOut(BaseModel):
    """A message as it would be sent. Recipients with `served_at` had theirs then, and would not get it again."""

    runs_from: date | None = Field(description="The first day on which it can be run. Null if it can be run now.")

    recipient_id: str
    address: str
    template: str
    subject: str
    html: str
    text: str
    served_at: datetime | None
