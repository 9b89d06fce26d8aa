"""A review as its record needs it, rendered by PostgreSQL."""

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.children.names import births_of
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.reviews.decisions.models import Decision
from services.reviews.meetings.models import Review
from services.reviews.meetings.queries import CHILDREN, INVITED, list_of

_DECISIONS = (
    select(*(col(getattr(Decision, name)) for name in ("person_id", "decision", "owner", "due_on")))
    .where(col(Decision.reference) == col(Review.reference))
    .order_by(col(Decision.person_id), col(Decision.number))
)
REVIEW_PAPERS = JsonRows(
    select(*columns(Review, "id"), births_of(Review), CHILDREN, INVITED, list_of(_DECISIONS, "decisions")).where(
        visible(Review)
    ),
    filters=equal(Review, "reference"),
)
