"""Feedback about reviews."""

from chassis.db.columns import texts
from chassis.meetings.feedback import FeedbackColumns
from services.reviews.columns import Base


class Feedback(FeedbackColumns, Base, table=True):
    """What a child, a family, a carer or a professional said about a review."""

    person_ids: list[str] = texts()
