"""Formal escalations and their history."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlmodel import AutoString, Field

from chassis.base.clock import LONDON
from chassis.base.fields import new_id
from chassis.db.columns import TEXTS, Shared
from chassis.db.database import moment
from services.escalations.models import Base
from services.escalations.rules import SETTLING, Choice, Kind, Move, Reason, State, Theme


class EscalationBase(Shared):
    """A formal escalation."""

    reference: str = Field(description="Such as `ESC-2019-0042`.")
    kind: Kind = Field(sa_type=AutoString)
    state: State = Field(sa_type=AutoString)
    theme: Theme | None = Field(default=None, sa_type=AutoString)
    reason: Reason | None = Field(default=None, sa_type=AutoString)
    person_ids: list[str] = Field(sa_type=TEXTS)
    meeting_reference: str | None = None
    meeting_on: date | None = None
    raised_on: date
    raised_by: str
    owner_id: str
    agency_id: str
    agency_role: str
    professional_name: str | None = None
    professional_team: str | None = None
    area_id: str
    stage: int
    stage_due_on: date
    due_on: date
    answer: Choice | None = Field(default=None, sa_type=AutoString, description="The latest answer.")
    first_answered_on: date | None = None
    officer_id: str | None = Field(
        default=None, description="The liaison officer who is responsible for it, once one was asked."
    )
    waiting_until: date | None = Field(default=None, description="The officer is still looking, until this day.")
    returned_on: date | None = Field(
        default=None, description="When the officer said that it is not theirs. It waits for the right agency."
    )
    cafcass_referred_on: date | None = None
    legal_advice_requested_on: date | None = None
    closed_on: date | None = None
    closed_by: str | None = None
    resolution: str | None = None
    withdrawn_because: str | None = None
    challenge_reference: str | None = Field(default=None, description="The positive challenge that it was raised from.")
    proposal_id: UUID | None = Field(default=None, description="The conference's proposal that it was raised from.")
    version: int


class Escalation(Base, EscalationBase, table=True):
    """A formal escalation. `person_ids` are the children's case-management numbers: nothing else about a child.

    At most one escalation is raised from a proposal.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    stage: int = 1
    version: int = 1
    # Emails before this moment count as if nobody had been asked.
    ask_from: datetime | None = moment(nullable=True)

    @property
    def subject(self) -> str:
        """Its theme, or its reason: what it is about."""
        return self.theme or self.reason or ""

    @property
    def unit(self) -> str:
        """The practice or team that can act on it, as a key: of one agency, by its name or else by the role."""
        return f"{self.agency_id}/{self.professional_team or self.agency_role}"

    def take_answer(self, choice: Choice, answered_on: date, expected_on: date | None) -> bool:
        """Note an answer; whether it settles the escalation.

        One that does not says until when to wait, or that somebody else is to be asked: it is unanswered as before.
        """
        settles = choice in SETTLING
        self.answer = choice if settles else None
        self.first_answered_on = (self.first_answered_on or answered_on) if settles else None
        self.waiting_until = expected_on
        self.returned_on = answered_on if choice is Choice.NOT_OUR_STAFF else None
        if expected_on is not None:
            self.ask_from = datetime.combine(expected_on + timedelta(days=1), time(), LONDON)
        return settles


class MoveBase(Shared):
    """One thing that was done with an escalation: who, what, and how it stood afterwards."""

    at: datetime = moment()
    actor: str = Field(description="Who did it, who may not be the owner.")
    owner_id: str
    move: Move = Field(sa_type=AutoString)
    state: State = Field(sa_type=AutoString, description="The state afterwards.")
    stage: int
    note: str | None = None


class EscalationMove(Base, MoveBase, table=True):
    """One thing that was done with an escalation."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    escalation_id: UUID = Field(sa_column_args=[ForeignKey("escalation.id")])
    answer_id: UUID | None = Field(default=None, sa_column_args=[ForeignKey("answer.id")])
