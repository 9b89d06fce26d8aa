"""A chair's diary: which days of it are asked for, and the meetings on them."""

from datetime import date, time, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Date, Text, bindparam, literal, select

from chassis.access.visibility import visible
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid
from chassis.law.deadlines import About
from chassis.meetings.vocabulary import MeetingState, Mode
from chassis.web.pagination import JsonRows

LONGEST = timedelta(days=400)
AHEAD = timedelta(days=42)


def until(first: date, last: date | None, ahead: timedelta) -> date:
    """The last day that is meant, where none is given."""
    return last or (first + ahead if first < date.max - ahead else date.max)


class DiaryQuery(BaseModel):
    """The parameters of a diary."""

    model_config = ConfigDict(extra="forbid")

    chair_id: Omittable[str] = Field(None, description="The chair; the caller by default.")
    first: Omittable[Day] = Field(None, description="On or after this day; today by default.")
    last: Omittable[Day] = Field(None, description="On or before this day; six weeks after the first by default.")

    def wanted(self, caller: str, today: date) -> dict[str, Any]:
        """Whose diary and which days are meant; `Invalid` if these are too many, or in the wrong order."""
        first = self.first or today
        last = until(first, self.last, AHEAD)
        if not timedelta() <= last - first <= LONGEST:
            message = f"The last day must be on or after the first, and within {LONGEST.days} days."
            raise Invalid.field("last", "after_first", message)
        return {"chair_id": self.chair_id or caller, "first": first, "last": last}


class DiaryEntryOut(BaseModel):
    """A review or a conference in a diary; the whole is at its reference."""

    about: About
    reference: str
    state: MeetingState
    person_ids: list[str]
    planned_on: date
    planned_time: time | None
    mode: Mode
    venue: str | None
    join_link: str | None
    chair_id: str
    area_id: str
    held_on: date | None
    review_reference: str | None = Field(description="The review with which a conference is one meeting.")
    version: int


def diary_rows(meeting: Any, about: About, review_reference: Any) -> JsonRows:
    """A chair's meetings of a service between two days; a column, or null, says with which review each is one."""
    same = (name for name in DiaryEntryOut.model_fields if name not in {"about", "review_reference"})
    return JsonRows(
        select(
            literal(about).cast(Text).label("about"),
            *(getattr(meeting, name) for name in same),
            review_reference.cast(Text).label("review_reference"),
        )
        .where(
            visible(meeting),
            meeting.chair_id == bindparam("chair_id", type_=Text),
            meeting.planned_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
        )
        .order_by(meeting.planned_on, meeting.planned_time, meeting.id),
    )
