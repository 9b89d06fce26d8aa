"""Which chair a child had, and when."""

from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.meetings.allocations import AllocationColumns
from services.reviews.columns import Base, of_child


class Allocation(AllocationColumns, Base, table=True):
    """That somebody is a child's Independent Reviewing Officer, from a day to a day (inclusive, or still)."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
