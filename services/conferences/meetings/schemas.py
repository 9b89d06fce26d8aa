"""Conferences: planned, held, closed."""

from datetime import date, time
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Line, PastDay, PersonId, PersonIds, Words
from chassis.law.participation import Participation
from chassis.meetings.corrections import CorrectionOut
from chassis.meetings.vocabulary import MeetingTime, Mode
from chassis.web.pagination import Page
from services.conferences.contributions.schemas import ConferenceInvitationOut, ProposalOut
from services.conferences.fields import ReviewReference
from services.conferences.meetings.models import ChildConferenceBase, ConferenceBase
from services.conferences.rules.vocabulary import Attendance, Category, ConferenceKind, ConferenceState, Outcome


class PlanConferenceIn(Input):
    """A conference to plan. Its kind and its due date for each child follow from the records; they are never sent."""

    person_ids: PersonIds
    planned_on: PastDay
    planned_time: MeetingTime | None = None
    chair_id: ColleagueId | None = Field(default=None, description="The children's own chair, if left out.")
    mode: Mode = Mode.IN_PERSON
    venue: Line | None = None
    minute_taker: Line | None = None
    review_reference: ReviewReference | None = Field(
        default=None, description="The looked-after review with which it is one meeting: same day, same chair."
    )


class MoveConferenceIn(Input):
    """What changes about a planned conference; what is left out stays. Its due dates never move."""

    planned_on: Day | None = None
    planned_time: MeetingTime | None = None
    mode: Mode | None = None
    venue: Line | None = None
    chair_id: ColleagueId | None = None
    minute_taker: Line | None = None


class CancelConferenceIn(Input):
    """Why a conference is cancelled."""

    because: Words


class CombineIn(Input):
    """The looked-after review with which a conference is one meeting; none takes them apart."""

    review_reference: ReviewReference | None


class ChildConferenceHeldIn(Input):
    """How a conference went for one child, and what it decided."""

    person_id: PersonId
    participation: Participation | None = Field(default=None, description="Left out for a child who is not yet born.")
    attended: bool = False
    advocate: bool = Field(default=False, description="Whether an advocate attended on the child's behalf.")
    views: Words | None = None
    outcome: Outcome
    category: Category | None = Field(default=None, description="Of a plan that is made; may change as it goes on.")


class ConferenceAttendanceIn(Input):
    """What an invited person did on the day."""

    invitation_id: UUID
    attendance: Attendance


class CoreGroupMemberIn(Input):
    """A member of the core group."""

    name: Line
    role: Line


class SafetyScoreIn(Input):
    """How safe the children are from 0 to 10, as one person sees it (Signs of Safety)."""

    by: Line
    score: int = Field(ge=0, le=10)


class DissentIn(Input):
    """That somebody did not agree."""

    by: Line
    words: Words


class HoldConferenceIn(Input):
    """A conference that was held: all of its children, each with their own outcome."""

    held_on: PastDay = Field(description="Never in the future.")
    children: list[ChildConferenceHeldIn] = Field(
        min_length=1,
        max_length=20,
        description="Every child of the conference; whose plan has ended, or who has died, is left out.",
    )
    attendance: list[ConferenceAttendanceIn] = Field(default_factory=list, max_length=100)
    family_contacted_on: PastDay | None = Field(default=None, description="When the chair was in touch with them.")
    family_met: bool | None = Field(default=None, description="Whether the chair met the family beforehand.")
    inquorate_because: Words | None = Field(default=None, description="Why it went on without its quorum.")
    core_group: list[CoreGroupMemberIn] = Field(default_factory=list, max_length=40)
    safety_scores: list[SafetyScoreIn] = Field(default_factory=list, max_length=40)
    dissent: list[DissentIn] = Field(default_factory=list, max_length=20)


class ChildConferenceOut(ChildConferenceBase):
    """One child's part in a conference."""

    id: UUID
    kind: ConferenceKind
    participation: Participation | None
    outcome: Outcome | None
    category: Category | None


class ChildConferencePage(Page[ChildConferenceOut]):
    """One page of children's conferences that were held, newest first."""


class CoreGroupMemberOut(BaseModel):
    """A member of the core group."""

    name: str
    role: str


class SafetyScoreOut(BaseModel):
    """How safe the children are from 0 to 10, as one person sees it."""

    by: str
    score: int


class DissentOut(BaseModel):
    """That somebody did not agree."""

    by: str
    words: str


class ConferenceOut(ConferenceBase):
    """A conference."""

    state: ConferenceState
    mode: Mode


class ConferencePage(Page[ConferenceOut]):
    """One page of conferences, newest first."""


class NextStepOut(BaseModel):
    """What needs to happen, by whom and until when."""

    step: str
    owner: str
    due_on: date | None


class ConferenceRecordOut(BaseModel):
    """The structured record, in the Signs of Safety order; lists that nobody wrote yet are left out."""

    past_harm: list[str] = Field(default_factory=list)
    future_danger: list[str] = Field(default_factory=list)
    complicating_factors: list[str] = Field(default_factory=list)
    working_well: list[str] = Field(default_factory=list)
    safety_goals: list[str] = Field(default_factory=list)
    next_steps: list[NextStepOut] = Field(default_factory=list)


class ConferenceMeetingOut(ConferenceOut):
    """A conference with each child's part: when it was due and by which rule, and what was decided."""

    children: list[ChildConferenceOut]


class WholeConferenceOut(ConferenceMeetingOut):
    """The same with everybody invited, the record, and what is proposed or was raised."""

    core_group: list[CoreGroupMemberOut]
    safety_scores: list[SafetyScoreOut]
    dissent: list[DissentOut]
    record: ConferenceRecordOut
    record_template: str | None
    invitations: list[ConferenceInvitationOut]
    proposals: list[ProposalOut]
    escalations: list[str] = Field(description="References of what was raised about it.")
    corrections: list[CorrectionOut] = Field(description="What was set right after it was held, oldest first.")


class InvitationLetterOut(BaseModel):
    """What an email to an invited person needs: no child's name."""

    invitation_id: UUID
    reference: str
    state: ConferenceState
    invited_as: str
    invited_on: date
    name: str
    email: str | None
    agency_id: str | None
    agency_role: str | None
    area_id: str
    planned_on: date
    planned_time: time | None
    mode: Mode
    venue: str | None
    chair_id: str
    children: int
    person_ids: list[str]
    report_expected: bool
    report_due_on: date | None
    report_received_on: date | None
    apologies_on: date | None
    withdrawn: bool


class ProposalDecisionIn(Input):
    """What becomes of one proposal."""

    proposal_id: UUID
    confirm: bool
    dismissed_because: Words | None = Field(default=None, description="Why it is not raised.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.confirm == (self.dismissed_because is not None):
            raise ValueError("A proposal is confirmed, or dismissed with a reason.")
        return self


class DecideProposalsIn(Input):
    """What becomes of a conference's proposals, all in one request."""

    decisions: list[ProposalDecisionIn] = Field(min_length=1, max_length=100)
