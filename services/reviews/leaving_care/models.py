"""Approvals that the law asks for before a child leaves care."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from services.reviews.columns import Base, of_child


class LeavingCareDecisionBase(Shared):
    """What the table and the answers say of an approval to leave care."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
    approval: str
    requested_on: date
    decided_on: date | None = None
    approved: bool | None = None
    decided_by: str | None = None
    note: str | None = None
    version: int = 1


class LeavingCareDecision(LeavingCareDecisionBase, Base, table=True):
    """Whether a nominated officer or the director approved that a child leaves care (regulation 39)."""
