"""Decisions of reviews."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from services.reviews.columns import Base, of_child
from services.reviews.moves import OF_DECISION


class DecisionBase(Shared):
    """What the table and the answers say of a decision."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    child_review_id: UUID = Column(sa_column_args=[ForeignKey("child_review.id")])
    reference: str
    person_id: str = of_child()
    number: int
    decision: str
    owner: str
    due_on: date | None = None
    state: str
    manager_id: str | None = None
    sent_on: date
    respond_by: date = Column(description="The manager's last day to object. Silence is agreement.")
    responded_on: date | None = None
    responded_by: str | None = None
    objection: str | None = None
    settlement: str | None = None
    implemented: bool | None = None
    checked_on: date | None = None
    checked_by: str | None = None
    chair_id: str
    version: int = 1


class Decision(DecisionBase, Base, table=True):
    """A decision of a review for one child: who carries it out by when, and what the manager says to it."""

    @property
    def can(self) -> list[str]:
        """What the caller can do with it as it stands now."""
        return OF_DECISION.possible(self.state)
