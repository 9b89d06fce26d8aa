"""Feedback about conferences."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, texts
from services.conferences.columns import Base


class FeedbackBase(Shared):
    """What somebody said about a conference."""

    reference: str
    from_whom: str
    rating: str
    comment: str | None = None
    given_on: date
    recorded_by: str


class Feedback(FeedbackBase, Base, table=True):
    """What a child, a family, a carer or a professional said about a conference."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_ids: list[str] = texts()
