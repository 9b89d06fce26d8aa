"""Open deadlines as people ask for them: in lists, and counted for badges."""

from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Date, Text, bindparam, func, literal, select

from chassis.access.visibility import columns, concerned, visible
from chassis.base.fields import Day, Omittable, Several
from chassis.children.names import Named, name_of
from chassis.db.columns import between, equal, matching, whether
from chassis.law.deadlines import About, DeadlineKind, DeadlineOwner
from chassis.meetings.deadlines import DeadlineColumns
from chassis.web.pagination import JsonRows, Page, PageQuery, sorted_by

TODAY, WEEK_ENDS_ON = bindparam("today", type_=Date), bindparam("week_ends_on", type_=Date)


class DeadlineOut(DeadlineColumns, Named):
    """An open deadline for a child."""

    about: About
    person_id: str
    kind: DeadlineKind
    owner_role: DeadlineOwner
    reference: str | None = Field(description="The meeting planned to meet it, or that it follows from.")
    days_left: int = Field(description="Negative when overdue.")


class DeadlinePage(Page[DeadlineOut]):
    """One page of deadlines, soonest first."""


class DeadlineCountsOut(BaseModel):
    """How many deadlines are open."""

    open: int = Field(description="All of them.")
    overdue: int = Field(description="Due before today.")
    due_today: int
    due_this_week: int = Field(description="Due from today until Sunday.")


class DeadlineFilters(BaseModel):
    """What chooses among open deadlines."""

    model_config = ConfigDict(extra="forbid")

    person_id: Several[str] = Field(None, description="Filter by child.")
    kind: Several[DeadlineKind] = Field(None, description="Filter by kind of deadline.")
    subject: Several[str] = Field(None, description="Filter by kind of meeting, or by prompt.")
    reference: Several[str] = Field(None, description="Filter by review or conference.")
    owner_role: Several[DeadlineOwner] = Field(None, description="Filter by the role that must act.")
    owner_id: Several[str] = Field(None, description="Filter by the colleague who must act.")
    chair_id: Several[str] = Field(None, description="Filter by the child's chair.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    team: Several[str] = Field(None, description="Filter by social work team.")
    due_from: Omittable[Day] = Field(None, description="Due on or after this day.")
    due_to: Omittable[Day] = Field(None, description="Due on or before this day.")
    overdue: Omittable[bool] = Field(None, description="Filter by whether the deadline has passed.")


class DeadlinesQuery(DeadlineFilters, PageQuery):
    """The parameters of a list of open deadlines."""

    sort: str = sorted_by("due_on")


def deadline_rows(table: Any, about: About, reference: str) -> JsonRows:
    """A service's open deadlines; `reference` is the column that names the meeting."""
    meeting = getattr(table, reference)
    same = ("person_id", "kind", "subject", "owner_role", "owner_id", "chair_id", "area_id", "team")
    return JsonRows(
        select(
            literal(about).cast(Text).label("about"),
            *columns(table, "told_missed_on", "track", reference),
            meeting.label("reference"),
            (table.due_on - TODAY).label("days_left"),
            name_of(table.person_id),
            concerned(table),
        ).where(visible(table)),
        filters=equal(table, *same)
        | matching(meeting, "reference")
        | between(table.due_on, "due")
        | whether("overdue", table.due_on < TODAY),
        order=[table.due_on, table.id],
        hidden=["person_ids"],
    )


def deadline_counts(table: Any, rows: JsonRows) -> JsonRows:
    """How many of a service's open deadlines there are, by the same filters; no child's record is shown."""
    count = func.count()
    return JsonRows(
        select(
            count.label("open"),
            count.filter(table.due_on < TODAY).label("overdue"),
            count.filter(table.due_on == TODAY).label("due_today"),
            count.filter(table.due_on.between(TODAY, WEEK_ENDS_ON)).label("due_this_week"),
        ).where(visible(table)),
        filters=rows.filters,
    )


def this_week(today: date) -> dict[str, date]:
    """The days that the counts go by: today, and the Sunday of its week."""
    return {"today": today, "week_ends_on": today + timedelta(days=6 - today.weekday())}
