"""Who chaired a child's conferences, and when."""

from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.meetings.allocations import AllocationColumns
from services.conferences.columns import Base


class Allocation(AllocationColumns, Base, table=True):
    """That somebody chairs a child's conferences, from a day to a day; a trigger of `protection` keeps it."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = Column(foreign_key="protection.person_id")
