"""Who chairs for a child, from a day to a day: the same for reviews and for conferences."""

from datetime import date, datetime

from sqlmodel import Field as Column

from chassis.base.fields import ColleagueId, Day, Input
from chassis.db.columns import Shared
from chassis.db.database import moment


class AllocateIn(Input):
    """The chair to allocate."""

    chair_id: ColleagueId
    starts_on: Day | None = Column(default=None, description="Today, if left out.")


class AllocationColumns(Shared):
    """That somebody is, or was, a child's chair, from a day to a day (inclusive, or still)."""

    chair_id: str
    starts_on: date
    ends_on: date | None = None
    allocated_by: str | None = Column(
        default=None, description="The colleague who allocated the chair; null where it followed from a conference."
    )
    allocated_at: datetime = moment()


class AllocationOut(AllocationColumns):
    """That somebody is, or was, a child's chair."""
