"""Allocations, hand-overs and caseloads of chairs."""

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


class HandOverIn(Input):
    """A chair who leaves, and who takes over their children and coming reviews."""

    from_chair_id: ColleagueId
    to_chair_id: ColleagueId
    starts_on: Day | None = Field(default=None, description="Today by default.")


class HandedOverOut(BaseModel):
    """What was handed over, and the children who were not because of a conflict."""

    person_ids: list[str]
    references: list[str]
    refused: list[str] = Field(description="Children for whom the new chair has a conflict: allocate them one by one.")


class CaseloadOut(BaseModel):
    """A chair's caseload, compared with the guidance of 50 to 70 for a full-time post."""

    chair_id: str
    children: int
    full_time_equivalent: float | None
    per_full_time_post: float | None
    load: Load | None
