"""Review meetings: planned, prepared, held."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, EmailStr, Field, field_validator, model_validator

from chassis.access.moves import can
from chassis.base.fields import (
    ColleagueId,
    Day,
    Input,
    Line,
    PastDay,
    PersonId,
    PersonIds,
    Slug,
    Words,
    once_each,
    without_nul,
)
from chassis.base.validation import contradiction
from chassis.children.names import Named, NamedTogether
from chassis.law.participation import Attendance, Participation
from chassis.meetings.corrections import CorrectionOut
from chassis.meetings.vocabulary import JoinLink, MeetingTime, Mode, Rating
from chassis.meetings.warnings import WarningOut
from chassis.papers.schemas import FamilyViewOut
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
    """A review to plan. Its kind and due date for each child follow from the records."""

    person_ids: PersonIds
    planned_on: PastDay
    planned_time: MeetingTime | None = None
    sequence: Annotated[
        Track | None,
        Field(description="`secure`, `adoption_returned` or `disruption`; each child's main sequence by default."),
    ] = None
    chair_id: ColleagueId | None = Field(default=None, description="The children's own chair by default.")
    mode: Mode = Mode.IN_PERSON
    venue: Line | None = None
    join_link: JoinLink | None = None
    early_trigger: EarlyTrigger | None = Field(
        default=None, description="Why the review is brought forward (regulation 33(3))."
    )
    panel: list[PanelMemberIn] = Field(default_factory=list, max_length=12, description="For a secure placement.")

    @field_validator("sequence")
    @classmethod
    def _beside_the_main_one(cls, sequence: Track | None) -> Track | None:
        if sequence is not None and sequence not in NAMED_TRACKS:
            raise ValueError("It is secure, adoption_returned or disruption; the main one follows from the records.")
        return sequence


class MoveReviewIn(Input):
    """Changes to a planned review; fields left out do not change. Its due dates never move."""

    planned_on: Day | None = None
    planned_time: MeetingTime | None = None
    mode: Mode | None = None
    venue: Line | None = None
    join_link: JoinLink | None = None
    chair_id: ColleagueId | None = None


class CancelReviewIn(Input):
    """Why a review is cancelled."""

    reason: Words


class AdjournReviewIn(Input):
    """An adjournment: once, of a review that began in time, for at most 20 working days (regulation 36)."""

    sat_on: PastDay = Field(description="The day of the first sitting.")
    resumes_on: Day


class InviteIn(Input):
    """Somebody to invite."""

    name: Line
    relationship: Relationship
    person_ids: Annotated[list[PersonId], AfterValidator(once_each)] = Field(
        default_factory=list, max_length=20, description="The children it is about; all of them if empty."
    )
    agency_id: Slug | None = None
    email: EmailStr | None = None
    address: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(without_nul)] | None = Field(
        default=None, description="The postal address. A parent who has one, and no email, gets letters."
    )


class InviteAllToReviewIn(Input):
    """People to invite: either all are invited or none."""

    invitations: list[InviteIn] = Field(min_length=1, max_length=100)


class PlanCheckIn(Input):
    """One plan of a child as the chair found it before the review."""

    plan: Plan
    present: bool
    dated_on: Day | None = None
    quality: Rating | None = None


class PreparationIn(Input):
    """How a child's review was prepared; fields left out do not change."""

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
    """Whether an invited person came. A parent who did not is called or written to."""

    invitation_id: UUID
    attendance: Attendance
    followed_up_on: PastDay | None = None
    followed_up_by: Annotated[str, Field(pattern="^(call|letter)$")] | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.followed_up_on is None) != (self.followed_up_by is None):
            contradiction(
                "day_and_way", "A follow-up has a day and a way: call or letter.", "followed_up_on", "followed_up_by"
            )
        if self.attendance is Attendance.ATTENDED and self.followed_up_on is not None:
            contradiction("absent_only", "Only people who were absent are followed up.", "attendance", "followed_up_on")
        return self


class HoldReviewIn(Input):
    """A review that was held, with the outcome for each child."""

    held_on: PastDay = Field(description="The day it was completed; not in the future.")
    children: list[ChildHeldIn] = Field(
        min_length=1,
        max_length=20,
        description="Every child of the review. Leave out those no longer looked after, or aged 18.",
    )
    attendance: list[AttendanceIn] = Field(default_factory=list, max_length=100)


class PlanCheckOut(BaseModel):
    """One plan of a child as the chair found it."""

    plan: Plan
    present: bool
    dated_on: date | None
    quality: Rating | None


class ChildReviewOut(ChildReviewBase, Named):
    """One child's part in a review."""

    track: Track
    kind: ReviewKind
    plan_checks: list[PlanCheckOut]
    family_views: list[FamilyViewOut] = Field(description="What parents and the family said.")
    participation: Participation | None
    next_step: NextStep | None


class ChildReviewPage(Page[ChildReviewOut]):
    """One page of children's reviews that were held, newest first."""


class PanelMemberOut(BaseModel):
    """A member of a panel."""

    name: str
    independent: bool


class ReviewOut(ReviewBase, NamedTogether):
    """A review meeting."""

    state: ReviewState
    mode: Mode
    early_trigger: EarlyTrigger | None
    panel: list[PanelMemberOut]
    can: list[str] = can()


class ReviewPage(Page[ReviewOut]):
    """One page of reviews, newest first."""


class InvitationOut(InvitationBase):
    """Somebody who was invited."""

    relationship: Relationship
    attendance: Attendance | None


class MeetingOut(ReviewOut):
    """A review meeting with each child's part: when it was due and by which rule, and how it went."""

    children: list[ChildReviewOut]


class PlannedReviewOut(MeetingOut):
    """A review that was planned or moved, with what to look at again."""

    warnings: list[WarningOut] = Field(description="What to look at again; nothing was refused.")


class WholeReviewOut(MeetingOut):
    """A review meeting with each child's part, invitations, and what was raised from it."""

    invitations: list[InvitationOut]
    escalations: list[str] = Field(description="References of the escalations raised from it.")
    corrections: list[CorrectionOut] = Field(description="Corrections made after it was held, oldest first.")


class ChildCorrectionIn(Input):
    """Corrections for one child; fields left out do not change."""

    person_id: PersonId
    participation: Participation | None = None
    attended: bool | None = None
    seen_alone: bool | None = None
    views: Words | None = Field(default=None, description="Null removes the earlier text.")
    next_step: NextStep | None = None

    def said(self) -> dict[str, Any]:
        """The fields to change."""
        said = self.model_dump(exclude_unset=True, exclude={"person_id"})
        return {name: value for name, value in said.items() if value is not None or name == "views"}


class CorrectReviewIn(Input):
    """Corrections to a review that was held; fields left out do not change."""

    reason: Words = Field(description="Why it is corrected. Kept with the correction and in the audit.")
    held_on: PastDay | None = Field(default=None, description="The day it was really completed.")
    children: list[ChildCorrectionIn] = Field(default_factory=list, max_length=20)
    attendance: list[AttendanceIn] = Field(default_factory=list, max_length=100)


class ReopenReviewIn(Input):
    """Why the review was not held after all."""

    reason: Words
