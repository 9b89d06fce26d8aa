"""Escalations that closed conferences propose, and those that were raised."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, texts
from chassis.meetings.raised import RaisedColumns
from services.conferences.columns import Base


class ProposalBase(Shared):
    """An escalation that a closed conference proposes, and what became of it."""

    reference: str = Column(description="The conference's reference.")
    invitation_id: UUID
    person_ids: list[str] = texts()
    agency_id: str
    agency_role: str
    professional_name: str
    professional_team: str | None = None
    area_id: str
    reason: str
    state: str
    chair_id: str
    proposed_on: date
    decided_on: date | None = None
    decided_by: str | None = None
    dismissed_because: str | None = None
    refused_because: str | None = Column(default=None, description="Why the escalations service could not raise it.")
    escalation_reference: str | None = None
    version: int = 1


class Proposal(ProposalBase, Base, table=True):
    """An escalation that a closed conference proposes: one for each professional who failed to report or to attend."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    conference_id: UUID = Column(foreign_key="conference.id")


class RaisedEscalation(RaisedColumns, Base, table=True):
    """An escalation or a positive challenge that was raised about a conference, as its owner told."""

    conference_reference: str
