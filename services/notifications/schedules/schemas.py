"""Schedules, their runs and previews."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from chassis.base.fields import Input


class ScheduleRunOut(BaseModel):
    """One run of a schedule."""

    period: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    attempts: int
    caught_up: bool = Field(description="Whether it began more than an hour late.")
    outcome: dict[str, Any] = Field(description="The result, such as how many messages were queued.")


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
