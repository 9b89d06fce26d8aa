"""Feedback about reviews, rendered by PostgreSQL."""

from sqlalchemy import Date, bindparam, select
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.reviews.feedback.models import Feedback
from services.reviews.meetings.models import Review

FEEDBACK = JsonRows(
    select(*columns(Feedback)).join(Review, col(Review.reference) == col(Feedback.reference)).where(visible(Review)),
    filters=equal(Feedback, "reference", "from_whom", "rating")
    | {
        "given_from": col(Feedback.given_on) >= bindparam("given_from", type_=Date),
        "given_to": col(Feedback.given_on) <= bindparam("given_to", type_=Date),
    },
    order=[col(Feedback.given_on).desc(), col(Feedback.id).desc()],
    hidden=["person_ids"],
)
