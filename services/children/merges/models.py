"""Merges of two person numbers of one child."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from chassis.db.database import moment
from services.children.columns import Base


class PersonMergeBase(Shared):
    """What the table and the answers say of a merge."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    from_person_id: str
    into_person_id: str
    merged_at: datetime = moment()
    merged_by: str
    reason: str
    undone_at: datetime | None = moment(nullable=True)
    undone_by: str | None = None


class PersonMerge(PersonMergeBase, Base, table=True):
    """A merge of two person numbers of one child; each service remembers what it moved, so that it can be undone."""
