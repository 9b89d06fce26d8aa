"""Meetings of core groups."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, records
from services.conferences.columns import Base


class CoreGroupBase(Shared):
    """A meeting of a child's core group, held or missed."""

    reference: str = Column(description="The conference that the group follows.")
    person_id: str = Column(foreign_key="protection.person_id")
    due_on: date
    held_on: date | None = None
    missed_because: str | None = None
    next_on: date | None = None
    recorded_on: date
    recorded_by: str


class CoreGroup(CoreGroupBase, Base, table=True):
    """A meeting of a child's core group: held, or missed with the reason. `next_on` is the day that it agreed."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    attended: list[dict[str, Any]] = records()
    event_on: date
