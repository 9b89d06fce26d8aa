"""Feedback about reviews, rendered by PostgreSQL."""

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import between, equal
from chassis.web.pagination import JsonRows
from services.reviews.feedback.models import Feedback
from services.reviews.meetings.models import Review

FEEDBACK = JsonRows(
    select(*columns(Feedback)).join(Review, col(Review.reference) == col(Feedback.reference)).where(visible(Review)),
    filters=equal(Feedback, "reference", "from_whom", "rating") | between(col(Feedback.given_on), "given"),
    order=[col(Feedback.given_on).desc(), col(Feedback.id).desc()],
    hidden=["person_ids"],
)
