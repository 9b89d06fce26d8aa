"""Looked-after children, their periods of care and their chairs."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, EmailStr, Field, model_validator

from chassis.base.dates import Day
from chassis.base.fields import ColleagueId, Input, Line, PersonId, Slug, Words
from chassis.web.pagination import Page
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


class PeriodOfCareOut(BaseModel):
    """A period of care."""

    starts_on: date
    ends_on: date | None
    short_breaks: bool
    adoption_authorised_on: date | None
    reviews_before: int
    reviewed_before_on: date | None
    episodes: list[EpisodeOut]


class ChildOut(BaseModel):
    """A child and where they stand."""

    person_id: str
    given_name: str | None = Field(description="Null for a child of whom only the statutory return is known.")
    family_name: str | None
    born_on: date
    area_id: str
    team: str | None
    social_worker: str | None
    social_worker_id: str | None
    manager_id: str | None
    disabled: bool
    unaccompanied: bool
    restricted: bool
    siblings: list[str]
    mother_person_id: str | None
    advocacy_opted_out_on: date | None
    communication_needs: str | None
    email: str | None
    chair_id: str | None = Field(description="The Independent Reviewing Officer.")
    looked_after_since: date | None = Field(description="Null where the child is not looked after now.")
    legal_status: LegalStatus | None
    short_breaks: bool
    secure_since: date | None
    short_breaks_ended_on: date | None
    last_visit_on: date | None
    protection_plan_since: date | None = Field(description="Where the child is on a child protection plan as well.")
    registered_on: date = Field(description="When this system first knew of the child.")
    merged_into: str | None = Field(description="The person number under which this child's records are now.")
    version: int


class ChildPage(Page[ChildOut]):
    """One page of children, by person number."""


class WholeChildOut(ChildOut):
    """A child with their periods of care."""

    periods_of_care: list[PeriodOfCareOut]


class AllocateIn(Input):
    """Who is to be a child's Independent Reviewing Officer."""

    chair_id: ColleagueId
    starts_on: Day | None = Field(default=None, description="Today, if left out.")


class AllocationOut(BaseModel):
    """That somebody is, or was, a child's Independent Reviewing Officer."""

    chair_id: str
    starts_on: date
    ends_on: date | None
    allocated_by: str
    allocated_at: datetime


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


class DeadlineOut(BaseModel):
    """Something that is owed for a child."""

    id: UUID
    person_id: str
    kind: DeadlineKind
    subject: str = Field(description="Which of its kind: the kind of review, the prompt.")
    track: Track | None
    due_on: date
    days_left: int = Field(description="Below 0 when it is overdue.")
    event_on: date = Field(description="The day from which it is counted.")
    rule: str = Field(description="The rule behind it, with its source.")
    owner_role: OwnerRole
    owner_id: str | None
    chair_id: str | None
    area_id: str
    team: str | None
    review_reference: str | None = Field(description="The review that is planned for it, or from which it follows.")


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


class MergeOut(BaseModel):
    """A merge of two person numbers; it can be undone by its identifier."""

    id: UUID
    from_person_id: str
    into_person_id: str
    merged_at: datetime
    merged_by: str
    because: str
    undone_at: datetime | None
    undone_by: str | None


class MergePage(Page[MergeOut]):
    """One page of merges, newest first."""
