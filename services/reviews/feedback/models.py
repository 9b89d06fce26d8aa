"""Feedback about reviews."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, texts
from services.reviews.columns import Base


class FeedbackBase(Shared):
    """What the table and the answers say of feedback."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    from_whom: str
    rating: str
    comment: str | None = None
    given_on: date
    recorded_by: str


class Feedback(FeedbackBase, Base, table=True):
    """What a child, a family, a carer or a professional said about a review."""

    person_ids: list[str] = texts()
