"""Allocations and caseloads of chairs."""

from pydantic import BaseModel, Field

from chassis.base.fields import ColleagueId, Day, Input
from services.reviews.chairs.models import AllocationBase
from services.reviews.rules.chairs import Load


class AllocateIn(Input):
    """The Independent Reviewing Officer to allocate."""

    chair_id: ColleagueId
    starts_on: Day | None = Field(default=None, description="Today by default.")


class AllocationOut(AllocationBase):
    """That somebody is, or was, a child's Independent Reviewing Officer."""


class CaseloadOut(BaseModel):
    """A chair's caseload, compared with the guidance of 50 to 70 for a full-time post."""

    chair_id: str
    children: int
    full_time_equivalent: float | None
    per_full_time_post: float | None
    load: Load | None
