"""Looked-after children, their periods of care and their chairs."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, EmailStr, Field, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Line, PersonId, Slug, Words
from chassis.web.pagination import Page
from services.reviews.children.models import (
    AllocationBase,
    DeadlineBase,
    LookedAfterChildBase,
    PeriodOfCareBase,
    PersonMergeBase,
)
from services.reviews.fields import Placement
from services.reviews.rules.chairs import Load
from services.reviews.rules.vocabulary import DeadlineKind, LegalStatus, OwnerRole, Track


class EpisodeIn(Input):
    """A stretch of a period of care with one legal status and one placement."""

    starts_on: Day
    legal_status: LegalStatus = Field(description="The SSDA903 code, such as `C2`, `V2` or `V4`.")
    placement: Placement


class PeriodOfCareIn(Input):
    """One run of being looked after, as far as the rules of reviews need it."""

    starts_on: Day
    ends_on: Day | None = None
    adoption_authorised_on: Day | None = Field(
        default=None, description="When placing for adoption was authorised by consent; an order is an episode."
    )
    reviews_before: int = Field(default=0, ge=0, le=200, description="Main reviews held before these records begin.")
    reviewed_before_on: Day | None = Field(default=None, description="When the last of these was held.")
    episodes: list[EpisodeIn] = Field(min_length=1, max_length=500, description="In order, the first from the start.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.reviews_before > 0) != (self.reviewed_before_on is not None):
            raise ValueError("Reviews before these records have a day, reviewed_before_on, and a day has reviews.")
        return self


class LookedAfterChildIn(Input):
    """A child as the case-management system knows them: all of it, each time."""

    given_name: Line
    family_name: Line
    born_on: Day
    area_id: Slug
    team: Line | None = None
    social_worker: Line | None = Field(default=None, description="The social worker's name.")
    social_worker_id: ColleagueId | None = Field(default=None, description="The same in the directory, if there.")
    manager_id: ColleagueId | None = Field(default=None, description="The manager to whom decisions are sent.")
    disabled: bool = False
    unaccompanied: bool = False
    restricted: bool = Field(default=False, description="Only the child's chair and managers see the record.")
    siblings: list[PersonId] = Field(default_factory=list, max_length=20)
    mother_person_id: PersonId | None = Field(default=None, description="The child's mother, if she is looked after.")
    advocacy_opted_out_on: Day | None = None
    communication_needs: Words | None = None
    email: EmailStr | None = Field(default=None, description="The child's own, if letters may go there.")
    short_breaks_ended_on: Day | None = Field(
        default=None,
        description="When a series of short breaks ended whose stays are periods of care of their own (V3).",
    )
    periods_of_care: list[PeriodOfCareIn] = Field(max_length=50, description="In order; the last may still run.")


class EpisodeOut(BaseModel):
    """An episode of care."""

    starts_on: date
    legal_status: LegalStatus
    placement: str


class PeriodOfCareOut(PeriodOfCareBase):
    """A period of care."""

    episodes: list[EpisodeOut]


class ChildOut(LookedAfterChildBase):
    """A child and where they stand."""

    legal_status: LegalStatus | None
    protection_plan_since: date | None = Field(description="Where the child is on a child protection plan as well.")


class ChildPage(Page[ChildOut]):
    """One page of children, by person number."""


class WholeChildOut(ChildOut):
    """A child with their periods of care."""

    periods_of_care: list[PeriodOfCareOut]


class AllocateIn(Input):
    """Who is to be a child's Independent Reviewing Officer."""

    chair_id: ColleagueId
    starts_on: Day | None = Field(default=None, description="Today, if left out.")


class AllocationOut(AllocationBase):
    """That somebody is, or was, a child's Independent Reviewing Officer."""


class HandOverIn(Input):
    """A chair who leaves, and who takes over every child and every review of theirs that is still to come."""

    from_chair_id: ColleagueId
    to_chair_id: ColleagueId
    starts_on: Day | None = Field(default=None, description="Today, if left out.")


class HandedOverOut(BaseModel):
    """What was handed over, and which children were not because of a conflict."""

    person_ids: list[str]
    references: list[str]
    refused: list[str] = Field(description="Children for whom the other chair has a conflict: allocate them singly.")


class CaseloadOut(BaseModel):
    """A chair's caseload beside the guidance of 50 to 70 for a full-time post."""

    chair_id: str
    children: int
    full_time_equivalent: float | None
    per_full_time_post: float | None
    load: Load | None


class DeadlineOut(DeadlineBase):
    """Something that is owed for a child."""

    kind: DeadlineKind
    track: Track | None
    days_left: int = Field(description="Below 0 when it is overdue.")
    owner_role: OwnerRole


class DigestEntryOut(BaseModel):
    """Something overdue, or due soon, for a chair's weekly reminder: no name."""

    chair_id: str | None
    person_id: str
    kind: DeadlineKind
    subject: str
    due_on: date
    event_on: date
    rule: str
    review_reference: str | None


class DeadlinePage(Page[DeadlineOut]):
    """One page of what is owed, soonest first."""


class TimelineEntryOut(BaseModel):
    """One thing that happened for a child."""

    on: date
    what: str = Field(description="Such as `review_held`, `chair_allocated` or `visit`.")
    reference: str | None
    details: dict[str, Any]


class MergeIn(Input):
    """A second person number of the same child."""

    into_person_id: PersonId = Field(description="The number under which the child's records go on.")
    because: Words


class MergeOut(PersonMergeBase):
    """A merge of two person numbers; it can be undone by its identifier."""


class MergePage(Page[MergeOut]):
    """One page of merges, newest first."""
