"""Review meetings: planned, prepared, held."""

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, EmailStr, Field, field_validator, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Line, PastDay, PersonId, PersonIds, Slug, Words, once_each
from chassis.law.participation import Participation
from chassis.meetings.corrections import CorrectionOut
from chassis.meetings.vocabulary import MeetingTime, Mode, Rating
from chassis.web.pagination import Page
from services.reviews.meetings.models import ChildReviewBase, InvitationBase, ReviewBase
from services.reviews.rules.vocabulary import (
    NAMED_TRACKS,
    EarlyTrigger,
    NextStep,
    Plan,
    Relationship,
    ReviewKind,
    ReviewState,
    Track,
)


class PanelMemberIn(Input):
    """A member of the panel that reviews a secure placement."""

    name: Line
    independent: bool = Field(description="Independent of the council (Secure Accommodation Regulations 1991).")


class PlanReviewIn(Input):
    """A review to plan. Its kind and its due date for each child follow from the records; they are never sent."""

    person_ids: PersonIds
    planned_on: PastDay
    planned_time: MeetingTime | None = None
    sequence: Annotated[
        Track | None,
        Field(description="`secure`, `adoption_returned` or `disruption`; left out for each child's main sequence."),
    ] = None
    chair_id: ColleagueId | None = Field(default=None, description="The children's own chair, if left out.")
    mode: Mode = Mode.IN_PERSON
    venue: Line | None = None
    early_trigger: EarlyTrigger | None = Field(default=None, description="Why it is brought forward (reg 33(3)).")
    panel: list[PanelMemberIn] = Field(default_factory=list, max_length=12, description="For a secure placement.")

    @field_validator("sequence")
    @classmethod
    def _beside_the_main_one(cls, sequence: Track | None) -> Track | None:
        if sequence is not None and sequence not in NAMED_TRACKS:
            raise ValueError("It is secure, adoption_returned or disruption; the main one follows from the records.")
        return sequence


class MoveReviewIn(Input):
    """What changes about a planned review; what is left out stays. Its due dates never move."""

    planned_on: Day | None = None
    planned_time: MeetingTime | None = None
    mode: Mode | None = None
    venue: Line | None = None
    chair_id: ColleagueId | None = None


class CancelReviewIn(Input):
    """Why a review is cancelled."""

    because: Words


class AdjournReviewIn(Input):
    """An adjournment: once, begun in time, for at most 20 working days (regulation 36)."""

    sat_on: PastDay = Field(description="The day of the first sitting.")
    resumes_on: Day


class InviteIn(Input):
    """Somebody to invite."""

    name: Line
    relationship: Relationship
    person_ids: Annotated[list[PersonId], AfterValidator(once_each)] = Field(
        default_factory=list, max_length=20, description="Whose part it is about; all, if empty."
    )
    agency_id: Slug | None = None
    email: EmailStr | None = None


class PlanCheckIn(Input):
    """One plan of a child as the chair found it before the review."""

    plan: Plan
    present: bool
    dated_on: Day | None = None
    quality: Rating | None = None


class PreparationIn(Input):
    """How a child's review was prepared; what is left out stays."""

    contacted_beforehand_on: PastDay | None = Field(
        default=None, description="When the chair asked the child how they want the review to be."
    )
    consultation_sent_on: PastDay | None = None
    consultation_returned_on: PastDay | None = None
    social_worker_report_on: PastDay | None = None
    plan_checks: list[PlanCheckIn] | None = Field(default=None, max_length=6)


class ChildHeldIn(Input):
    """How a review went for one child."""

    person_id: PersonId
    participation: Participation
    attended: bool
    seen_alone: bool = Field(description="Whether the chair saw the child alone before the review.")
    views: Words | None = None
    next_step: NextStep = NextStep.CONTINUE


class AttendanceIn(Input):
    """Whether an invited person came; a parent who did not is called or written to."""

    invitation_id: UUID
    attended: bool
    followed_up_on: PastDay | None = None
    followed_up_by: Annotated[str, Field(pattern="^(call|letter)$")] | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.followed_up_on is None) != (self.followed_up_by is None):
            raise ValueError("A follow-up has a day and a way: call or letter.")
        if self.attended and self.followed_up_on is not None:
            raise ValueError("Only whoever was absent is followed up.")
        return self


class HoldReviewIn(Input):
    """A review that was held: all of its children, each with their own outcome."""

    held_on: PastDay = Field(description="The day on which it was completed; never in the future.")
    children: list[ChildHeldIn] = Field(
        min_length=1,
        max_length=20,
        description="Every child of the review; who is not looked after any more, or is 18, is left out.",
    )
    attendance: list[AttendanceIn] = Field(default_factory=list, max_length=100)


class PlanCheckOut(BaseModel):
    """One plan of a child as the chair found it."""

    plan: Plan
    present: bool
    dated_on: date | None
    quality: Rating | None


class ChildReviewOut(ChildReviewBase):
    """One child's part in a review."""

    track: Track
    kind: ReviewKind
    plan_checks: list[PlanCheckOut]
    participation: Participation | None
    next_step: NextStep | None


class ChildReviewPage(Page[ChildReviewOut]):
    """One page of children's reviews that were held, newest first."""


class PanelMemberOut(BaseModel):
    """A member of a panel."""

    name: str
    independent: bool


class ReviewOut(ReviewBase):
    """A review meeting."""

    state: ReviewState
    mode: Mode
    early_trigger: EarlyTrigger | None
    panel: list[PanelMemberOut]


class ReviewPage(Page[ReviewOut]):
    """One page of reviews, newest first."""


class InvitationOut(InvitationBase):
    """Somebody who was invited."""

    relationship: Relationship


class MeetingOut(ReviewOut):
    """A review meeting with each child's part: when it was due and by which rule, and how it went."""

    children: list[ChildReviewOut]


class WholeReviewOut(MeetingOut):
    """The same with everybody invited and with what was raised from it."""

    invitations: list[InvitationOut]
    escalations: list[str] = Field(description="References of what was raised from it.")
    corrections: list[CorrectionOut] = Field(description="What was set right after it was held, oldest first.")


class LetterChildOut(BaseModel):
    """A child to whom a review is announced."""

    person_id: str
    email: str | None
    age: int = Field(description="In years on the day of the meeting.")
    advocate: bool = Field(description="An advocate is invited by rule.")


class LettersOut(BaseModel):
    """What letters about a review need: no name."""

    reference: str
    state: ReviewState
    planned_on: date
    planned_time: time | None
    mode: Mode
    venue: str | None
    chair_id: str
    advocate_email: str | None
    children: list[LetterChildOut]
