"""Children's care, its periods, deadlines, timelines and merges."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field, model_validator

from chassis.base.fields import Day, Input
from chassis.base.validation import contradiction
from chassis.children.vocabulary import Disability
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


class CareDetails(Input):
    """What the case-management system holds of a child's care, besides the periods."""

    unaccompanied: bool = False
    advocacy_opted_out_on: Day | None = None
    short_breaks_ended_on: Day | None = Field(
        default=None,
        description="When a series of short breaks ended, if each stay is its own period of care (V3).",
    )


class CareIn(CareDetails):
    """A child's whole care, as the case-management system holds it. Who the child is is sent to `/v1/children`."""

    periods_of_care: list[PeriodOfCareIn] = Field(max_length=50, description="In order. The last may be open.")


class EpisodeOut(BaseModel):
    """An episode of care."""

    starts_on: date
    legal_status: LegalStatus
    placement: str


class PeriodOfCareOut(PeriodOfCareBase):
    """A period of care."""

    episodes: list[EpisodeOut]


class CareOut(LookedAfterChildBase):
    """A child's care now, with who the child is."""

    given_name: str | None
    family_name: str | None = Field(description="Null for a child known only from a statutory return.")
    born_on: date | None
    disabilities: list[Disability]
    area_id: str
    team: str | None
    social_worker: str | None
    social_worker_id: str | None
    manager_id: str | None
    restricted: bool
    siblings: list[str]
    mother_person_id: str | None
    communication_needs: str | None
    email: str | None
    merged_into: str | None = Field(description="The person number that this one was merged into.")
    legal_status: LegalStatus | None
    protection_plan_since: date | None = Field(
        description="Since when the child is on a child protection plan, if they are."
    )


class CarePage(Page[CareOut]):
    """One page of children's care, by person number."""


class WholeCareOut(CareOut):
    """A child's care with its periods."""

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


class LeftBehindOut(BaseModel):
    """Something that a merge could not move by rule, so that somebody has to look at it."""

    kind: str = Field(description="What it is, such as `period_of_care`.")
    on: date | None = Field(description="The day it began, or on which it was held or done.")
    reference: str | None = Field(description="The review, if it belongs to one.")


class CareMergeOut(PersonMergeBase):
    """What became of a merge of two person numbers in reviews."""

    left_behind: list[LeftBehindOut] = Field(
        description="What stays under the number that was merged, such as a period of care that overlaps another one."
    )


class CareMergePage(Page[CareMergeOut]):
    """One page of merges, newest first."""


class EarlierMergeOut(PersonMergeBase):
    """A merge from before the children service kept them."""

    reason: str
