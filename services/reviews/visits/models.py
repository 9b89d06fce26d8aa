"""Contacts with children, and midpoint checks."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from chassis.db.database import moment
from services.reviews.columns import Base, of_child


class ContactBase(Shared):
    """What the table and the answers say of a contact."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
    kind: str
    happened_on: date
    made_by: str
    seen_alone: bool | None = None
    note: str | None = None
    recorded_at: datetime = moment()


class Contact(ContactBase, Base, table=True):
    """A visit by a chair, or another contact with a child."""


class MidpointCheckBase(Shared):
    """What the table and the answers say of a midpoint check."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
    reviewed_on: date
    due_on: date
    done_on: date
    done_by: str
    on_track: bool
    note: str | None = None


class MidpointCheck(MidpointCheckBase, Base, table=True):
    """A chair's check, halfway between two reviews, of how the plan is going."""
