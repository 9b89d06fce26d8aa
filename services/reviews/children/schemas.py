"""Looked-after children, their periods of care, deadlines, timelines and merges."""

from datetime import date
from typing import Self

from pydantic import BaseModel, EmailStr, Field, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Line, PersonId, Slug, Words
from chassis.base.validation import contradiction
from chassis.law.deadlines import DeadlineKind
from chassis.web.pagination import Page
from services.reviews.children.models import LookedAfterChildBase, PeriodOfCareBase, PersonMergeBase
from services.reviews.fields import Placement
from services.reviews.rules.vocabulary import LegalStatus


class EpisodeIn(Input):
    """A stretch of a period of care with one legal status and one placement."""

    starts_on: Day
    legal_status: LegalStatus = Field(description="The SSDA903 code, such as `C2`, `V2` or `V4`.")
    placement: Placement


class PeriodOfCareIn(Input):
    """A period of care, with what the rules of reviews need."""

    starts_on: Day
    ends_on: Day | None = None
    adoption_authorised_on: Day | None = Field(
        default=None,
        description="When placement for adoption was authorised by consent. A placement order is an episode instead.",
    )
    reviews_before: int = Field(default=0, ge=0, le=200, description="Main reviews held before these records begin.")
    reviewed_before_on: Day | None = Field(default=None, description="When the last of these was held.")
    episodes: list[EpisodeIn] = Field(min_length=1, max_length=500, description="In order, the first from the start.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.reviews_before > 0) != (self.reviewed_before_on is not None):
            contradiction(
                "reviews_and_day",
                "Reviews before these records have a day, reviewed_before_on, and a day has reviews.",
                "reviews_before",
                "reviewed_before_on",
            )
        return self


class LookedAfterChildDetails(Input):
    """What the case-management system holds of a child, besides their periods of care."""

    given_name: Line
    family_name: Line
    born_on: Day
    area_id: Slug
    team: Line | None = None
    social_worker: Line | None = Field(default=None, description="The social worker's name.")
    social_worker_id: ColleagueId | None = Field(
        default=None, description="The social worker's identifier in the directory, if listed."
    )
    manager_id: ColleagueId | None = Field(default=None, description="The manager to whom decisions are sent.")
    disabled: bool = False
    unaccompanied: bool = False
    restricted: bool = Field(default=False, description="Only the child's chair and managers see the record.")
    siblings: list[PersonId] = Field(default_factory=list, max_length=20)
    mother_person_id: PersonId | None = Field(default=None, description="The child's mother, if she is looked after.")
    advocacy_opted_out_on: Day | None = None
    communication_needs: Words | None = None
    email: EmailStr | None = Field(default=None, description="The child's own address, if letters may go there.")
    short_breaks_ended_on: Day | None = Field(
        default=None,
        description="When a series of short breaks ended, if each stay is its own period of care (V3).",
    )


class LookedAfterChildIn(LookedAfterChildDetails):
    """A child's whole record, as the case-management system holds it."""

    periods_of_care: list[PeriodOfCareIn] = Field(max_length=50, description="In order. The last may be open.")


class EpisodeOut(BaseModel):
    """An episode of care."""

    starts_on: date
    legal_status: LegalStatus
    placement: str


class PeriodOfCareOut(PeriodOfCareBase):
    """A period of care."""

    episodes: list[EpisodeOut]


class LookedAfterChildOut(LookedAfterChildBase):
    """A child and their situation now."""

    legal_status: LegalStatus | None
    protection_plan_since: date | None = Field(
        description="Since when the child is on a child protection plan, if they are."
    )


class LookedAfterChildPage(Page[LookedAfterChildOut]):
    """One page of children, by person number."""


class WholeChildOut(LookedAfterChildOut):
    """A child with their periods of care."""

    periods_of_care: list[PeriodOfCareOut]


class DigestEntryOut(BaseModel):
    """A deadline that is overdue or due soon, for a chair's weekly reminder, without names."""

    chair_id: str | None
    person_id: str
    kind: DeadlineKind
    subject: str
    due_on: date
    event_on: date
    rule: str
    review_reference: str | None


class MergeIn(Input):
    """The person number to merge into, and why."""

    into_person_id: PersonId = Field(description="The number to keep.")
    reason: Words


class MergeOut(PersonMergeBase):
    """A merge of two person numbers; it can be undone by its identifier."""


class MergePage(Page[MergeOut]):
    """One page of merges, newest first."""
