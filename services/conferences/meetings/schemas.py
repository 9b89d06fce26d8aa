"""Conferences: planned, held, closed."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.access.moves import can
from chassis.base.fields import ColleagueId, Day, Input, Line, PastDay, PersonId, PersonIds, Words
from chassis.children.names import Named, NamedTogether
from chassis.law.participation import Attendance, Participation
from chassis.meetings.corrections import CorrectionOut
from chassis.meetings.vocabulary import JoinLink, MeetingTime, Mode
from chassis.meetings.warnings import WarningOut
from chassis.papers.schemas import FamilyViewOut
from chassis.web.pagination import Page
from services.conferences.contributions.schemas import ConferenceInvitationOut
from services.conferences.fields import ReviewReference
from services.conferences.meetings.models import ChildConferenceBase, ConferenceBase
from services.conferences.proposals.schemas import ProposalOut
from services.conferences.rules.vocabulary import Category, ConferenceKind, ConferenceState, Outcome

CLEARED = frozenset({"participation", "views"})


class PlanConferenceIn(Input):
    """A conference to plan. Its kind and due date for each child follow from the records."""

    person_ids: PersonIds
    planned_on: PastDay
    planned_time: MeetingTime | None = None
    chair_id: ColleagueId | None = Field(default=None, description="The children's own chair, if left out.")
    mode: Mode = Mode.IN_PERSON
    venue: Line | None = None
    join_link: JoinLink | None = None
    minute_taker: Line | None = None
    review_reference: ReviewReference | None = Field(
        default=None, description="The looked-after review it is combined with: same date and chair."
    )


class MoveConferenceIn(Input):
    """Changes to a planned conference. Fields you leave out stay as they are, and due dates never move."""

    planned_on: Day | None = None
    planned_time: MeetingTime | None = None
    mode: Mode | None = None
    venue: Line | None = None
    join_link: JoinLink | None = None
    chair_id: ColleagueId | None = None
    minute_taker: Line | None = None


class CancelConferenceIn(Input):
    """Why a conference is cancelled."""

    reason: Words


class CombineIn(Input):
    """The looked-after review to combine a conference with; null separates them."""

    review_reference: ReviewReference | None


class ChildConferenceHeldIn(Input):
    """How one child took part in a conference, and what it decided."""

    person_id: PersonId
    participation: Participation | None = Field(default=None, description="Leave out for a child who is not yet born.")
    attended: bool = False
    advocate: bool = Field(default=False, description="Whether an advocate attended on the child's behalf.")
    views: Words | None = None
    outcome: Outcome
    category: Category | None = Field(
        default=None, description="The category of a plan that is made; may change as it continues."
    )


class ConferenceAttendanceIn(Input):
    """Whether an invited person attended."""

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
    """A person's disagreement."""

    by: Line
    words: Words


class HoldConferenceIn(Input):
    """A conference that was held: all of its children, each with their own outcome."""

    held_on: PastDay = Field(description="Today or in the past.")
    children: list[ChildConferenceHeldIn] = Field(
        min_length=1,
        max_length=20,
        description="Every child of the conference, except any whose plan has ended or who has died.",
    )
    attendance: list[ConferenceAttendanceIn] = Field(default_factory=list, max_length=100)
    family_contacted_on: PastDay | None = Field(default=None, description="When the chair contacted the family.")
    family_met: bool | None = Field(default=None, description="Whether the chair met the family beforehand.")
    inquorate_because: Words | None = Field(default=None, description="Why it went ahead without a quorum.")
    core_group: list[CoreGroupMemberIn] = Field(default_factory=list, max_length=40)
    safety_scores: list[SafetyScoreIn] = Field(default_factory=list, max_length=40)
    dissent: list[DissentIn] = Field(default_factory=list, max_length=20)


class ChildConferenceOut(ChildConferenceBase, Named):
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
    """A person's disagreement."""

    by: str
    words: str


class ConferenceOut(ConferenceBase, NamedTogether):
    """A conference."""

    state: ConferenceState
    mode: Mode
    can: list[str] = can()


class ConferencePage(Page[ConferenceOut]):
    """One page of conferences, newest first."""


class NextStepOut(BaseModel):
    """What needs to happen, by whom and by when."""

    step: str
    owner: str
    due_on: date | None


class ConferenceRecordOut(BaseModel):
    """The structured record in the Signs of Safety order. Lists not yet written are left out."""

    past_harm: list[str] = Field(default_factory=list)
    future_danger: list[str] = Field(default_factory=list)
    complicating_factors: list[str] = Field(default_factory=list)
    working_well: list[str] = Field(default_factory=list)
    safety_goals: list[str] = Field(default_factory=list)
    next_steps: list[NextStepOut] = Field(default_factory=list)
    family_views: list[FamilyViewOut] = Field(default_factory=list, description="What parents and the family said.")


class ConferenceMeetingOut(ConferenceOut):
    """A conference with each child's part: when it was due and by which rule, and what was decided."""

    children: list[ChildConferenceOut]


class PlannedConferenceOut(ConferenceMeetingOut):
    """A conference that was planned or moved, with what to look at again."""

    warnings: list[WarningOut] = Field(description="What to look at again; nothing was refused.")


class WholeConferenceOut(ConferenceMeetingOut):
    """A conference with each child's part, invitations, record, proposals and escalations."""

    core_group: list[CoreGroupMemberOut]
    safety_scores: list[SafetyScoreOut]
    dissent: list[DissentOut]
    record: ConferenceRecordOut
    record_template: str | None
    invitations: list[ConferenceInvitationOut]
    proposals: list[ProposalOut]
    escalations: list[str] = Field(description="References of the escalations raised about it.")
    corrections: list[CorrectionOut] = Field(description="Corrections since it was held, oldest first.")


class ChildConferenceCorrectionIn(Input):
    """Corrections for one child. Fields you leave out stay as they are, and the decision is not corrected."""

    person_id: PersonId
    participation: Participation | None = Field(default=None, description="Null for a child who was not yet born.")
    attended: bool | None = None
    advocate: bool | None = None
    views: Words | None = Field(default=None, description="Null clears what was recorded.")
    category: Category | None = Field(default=None, description="The category of a plan that was made or continues.")

    def said(self) -> dict[str, Any]:
        """What is to be another than before."""
        said = self.model_dump(exclude_unset=True, exclude={"person_id"})
        return {name: value for name, value in said.items() if value is not None or name in CLEARED}


class CorrectConferenceIn(Input):
    """Corrections to a conference that was held. Fields you leave out stay as they are."""

    reason: Words = Field(description="The reason, kept with the correction and in the audit.")
    held_on: PastDay | None = Field(default=None, description="The date it was actually held.")
    children: list[ChildConferenceCorrectionIn] = Field(default_factory=list, max_length=20)
    attendance: list[ConferenceAttendanceIn] = Field(
        default_factory=list, max_length=100, description="Can be corrected until the conference is closed."
    )
    family_contacted_on: PastDay | None = None
    family_met: bool | None = None
    inquorate_because: Words | None = None
    core_group: list[CoreGroupMemberIn] | None = Field(
        default=None, max_length=40, description="All members of the core group."
    )

    def said_of_meeting(self) -> dict[str, Any]:
        """What is to be another than before about the conference itself."""
        names = {"family_contacted_on", "family_met", "inquorate_because", "core_group"}
        return self.model_dump(include=names, exclude_none=True)


class ReopenConferenceIn(Input):
    """Why a conference is reopened."""

    reason: Words
