"""Decisions of reviews, rendered by PostgreSQL."""

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import columns, concerned, visible
from chassis.children.names import name_of
from chassis.db.columns import equal, whether
from chassis.web.pagination import JsonRows
from services.reviews.decisions.models import Decision
from services.reviews.moves import OF_DECISION

DECISIONS = JsonRows(
    select(
        *columns(Decision),
        name_of(col(Decision.person_id)),
        OF_DECISION.column(col(Decision.state)),
        concerned(Decision),
    ).where(visible(Decision)),
    filters=equal(Decision, "id", "person_id", "reference", "state", "manager_id", "chair_id")
    | whether("implemented", col(Decision.implemented).is_(True)),
    order=[col(Decision.id).desc()],
    hidden=["person_ids"],
    moves=OF_DECISION,
)
