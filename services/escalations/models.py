"""What this service keeps."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlmodel import Field as Column

from chassis.base.ids import new_id
from chassis.db.columns import TEXTS
from chassis.db.database import Table, moment, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


class Escalation(Base, table=True):
    """A formal escalation. `person_ids` are the children's case-management numbers: nothing else about a child.

    `proposal_id` is the confirmed proposal of a conference from which it was raised: none is raised twice.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    kind: str
    state: str
    theme: str | None = None
    reason: str | None = None
    person_ids: list[str] = Column(sa_type=TEXTS)
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
    stage: int = 1
    stage_due_on: date
    due_on: date
    answer: str | None = None
    first_answered_on: date | None = None
    cafcass_referred_on: date | None = None
    legal_advice_requested_on: date | None = None
    closed_on: date | None = None
    closed_by: str | None = None
    resolution: str | None = None
    withdrawn_because: str | None = None
    challenge_reference: str | None = None
    imported: bool = False
    version: int = 1
    proposal_id: UUID | None = None

    @property
    def subject(self) -> str:
        """Its theme, or its reason: what it is about."""
        return self.theme or self.reason or ""


class EscalationMove(Base, table=True):
    """One thing that was done with an escalation: who, what, and how it stood afterwards."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    escalation_id: UUID = Column(sa_column_args=[ForeignKey("escalation.id")])
    at: datetime = moment()
    actor: str
    owner_id: str
    move: str
    state: str
    stage: int
    note: str | None = None
    answer_id: UUID | None = Column(default=None, sa_column_args=[ForeignKey("answer.id")])


class Answer(Base, table=True):
    """What was said about one or many escalations at once; a later answer to one replaces an earlier one."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    at: datetime = moment()
    answered_on: date
    answered_by: str
    on_behalf_of: str | None = None
    answer_link_id: UUID | None = Column(default=None, sa_column_args=[ForeignKey("answer_link.id")])
    choice: str
    expected_on: date | None = None
    note: str | None = None
    references: list[str] = Column(sa_type=TEXTS)


class AnswerLink(Base, table=True):
    """A capability to answer: one officer's escalations of one quarter. The token itself is not kept."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    token_hash: bytes = Column(sa_type=LargeBinary)
    colleague_id: str
    period: str
    references: list[str] = Column(sa_type=TEXTS)
    created_at: datetime = moment()
    expires_on: date
    superseded_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    revoked_by: str | None = None


class Challenge(Base, table=True):
    """A positive challenge: the informal step before an escalation, counted apart."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    state: str
    theme: str
    person_ids: list[str] = Column(sa_type=TEXTS)
    about: str
    team: str | None = None
    area_id: str
    meeting_reference: str | None = None
    raised_on: date
    raised_by: str
    owner_id: str
    outcome: str | None = None
    closed_on: date | None = None
    escalation_reference: str | None = None
    version: int = 1


class GoodPractice(Base, table=True):
    """Good practice that was fed back to the worker, with a copy to the manager."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    person_ids: list[str] = Column(sa_type=TEXTS)
    worker_name: str
    team: str
    area_id: str
    practice: str
    noted_on: date
    noted_by: str
    fed_back_on: date | None = None
    manager_copied_on: date | None = None
    version: int = 1
