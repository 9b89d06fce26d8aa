"""Formal escalations."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, model_validator

from chassis.access.moves import can
from chassis.base.fields import (
    ColleagueId,
    Day,
    Input,
    Line,
    MeetingReference,
    PastDay,
    PersonIds,
    Slug,
    Words,
    once_each,
)
from chassis.base.validation import contradiction
from chassis.meetings.warnings import WarningOut
from chassis.web.pagination import Page
from services.escalations.escalations.models import EscalationBase, MoveBase
from services.escalations.rules import Choice, Kind, Reason, State, Theme

REFERENCE = r"^ESC-\d{4}-\d{4,}$"


Reference = Annotated[str, Field(pattern=REFERENCE, description="Such as `ESC-2019-0042`.")]


References = Annotated[list[Reference], Field(min_length=1, max_length=1000), AfterValidator(once_each)]


class Subject(Input):
    """What an escalation is about: a theme or a reason, depending on its kind."""

    kind: Kind
    theme: Theme | None = Field(default=None, description="For care planning.")
    reason: Reason | None = Field(default=None, description="For a contribution to a conference.")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        care_planning = self.kind is Kind.CARE_PLANNING
        if care_planning != (self.theme is not None) or care_planning != (self.reason is None):
            contradiction(
                "theme_or_reason",
                "A care-planning escalation has a theme, any other escalation a reason.",
                "kind",
                "theme",
                "reason",
            )
        return self


class EscalationIn(Subject):
    """A formal escalation to raise."""

    person_ids: PersonIds
    meeting_reference: MeetingReference | None = None
    meeting_on: Day | None = Field(default=None, description="When the meeting was held.")
    raised_on: PastDay | None = Field(default=None, description="Today, if left out. Never in the future.")
    owner_id: ColleagueId | None = Field(default=None, description="The chair who owns it. You, if left out.")
    agency_id: Slug = Field(description="The agency in the directory.")
    agency_role: Slug = Field(description="One of that agency's roles, such as `health-visitor`.")
    professional_name: Line | None = Field(default=None, description="The professional concerned; never a child.")
    professional_team: Line | None = None
    area_id: Slug = Field(description="The area in the directory.")
    note: Words | None = Field(default=None, description="The chair's note, kept in the history.")


class MeetingEscalationsIn(Input):
    """The escalations from a meeting: all are raised, or none."""

    escalations: list[EscalationIn] = Field(min_length=1, max_length=200)


class EscalationChangeIn(Input):
    """Corrections of an escalation. Fields that are left out stay as they are."""

    theme: Theme | None = None
    reason: Reason | None = None
    agency_id: Slug | None = None
    agency_role: Slug | None = None
    professional_name: Line | None = None
    professional_team: Line | None = None
    area_id: Slug | None = None
    meeting_reference: MeetingReference | None = None
    meeting_on: Day | None = None
    note: Words | None = None


class StageMoveIn(Input):
    """A move to a later stage; stages between may be skipped (IRO Handbook 2010, chapter 6)."""

    stage: int = Field(ge=2, le=20, description="The stage's number, from 1.")
    note: Words | None = None


class NoteIn(Input):
    """A step that may carry a note."""

    note: Words | None = None


class ResolveIn(Input):
    """How an escalation was resolved."""

    resolution: Words


class WithdrawIn(Input):
    """Why an escalation is withdrawn."""

    reason: Words


class ReassignIn(Input):
    """Open escalations of a chair to give to another one. A chair who leaves hands over everything at once instead."""

    from_owner_id: ColleagueId
    to_owner_id: ColleagueId
    references: References
    note: Words | None = None


class ReassignedOut(BaseModel):
    """What was reassigned."""

    references: list[str]


class EscalationOut(EscalationBase):
    """A formal escalation."""

    can: list[str] = can()


class RaisedEscalationOut(EscalationOut):
    """A formal escalation that was raised."""

    warnings: list[WarningOut] = Field(description="What to look at again; nothing was refused.")


class EscalationPage(Page[EscalationOut]):
    """One page of escalations, newest first."""


class EscalationsOut(BaseModel):
    """Escalations that were raised together."""

    escalations: list[EscalationOut]
    warnings: list[WarningOut] = Field(description="What to look at again; nothing was refused.")


class MoveOut(MoveBase):
    """One thing that was done with an escalation."""

    answer_id: UUID | None


class QuarterEscalationOut(BaseModel):
    """An escalation as shown in an officer's email: about a child, only the date of a meeting."""

    reference: str
    kind: Kind
    subject: str = Field(description="The theme or reason, in words.")
    raised_on: date
    meeting_on: date | None
    agency_id: str
    agency_role: str
    professional_team: str | None
    area_id: str
    state: State
    answered: bool
    to_be_answered: bool = Field(
        description="Whether somebody is to be asked about it now: it is open, nobody said to wait until a later day, "
        "and nobody sent it back because it belongs elsewhere."
    )
    due_on: date
    officer_id: str | None
    waiting_until: date | None
    returned_on: date | None
    ask_from: datetime | None = Field(description="Emails before this moment count as if nobody had been asked.")


class OpenEscalationOut(QuarterEscalationOut):
    """An open escalation as shown in its chair's reminder."""

    owner_id: str
    stage: int
    stage_name: str
    stage_due_on: date
    answer: Choice | None
    person_unknown: bool = Field(description="Whether it is about a child whom nobody has sent yet.")
