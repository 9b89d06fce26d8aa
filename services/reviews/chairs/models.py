"""Which chair a child had, and when."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from chassis.db.database import moment
from services.reviews.columns import Base, of_child


class AllocationBase(Shared):
    """What the table and the answers say of an allocation."""

    chair_id: str
    starts_on: date
    ends_on: date | None = None
    allocated_by: str
    allocated_at: datetime = moment()


class Allocation(AllocationBase, Base, table=True):
    """That somebody is a child's Independent Reviewing Officer, from a day to a day (inclusive, or still)."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
