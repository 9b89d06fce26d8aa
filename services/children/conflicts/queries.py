"""Conflicts, rendered by PostgreSQL."""

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import columns, concerned, visible
from chassis.db.columns import equal, whether
from chassis.web.pagination import JsonRows
from services.children.conflicts.models import ChildConflict

CONFLICTS = JsonRows(
    select(*columns(ChildConflict), concerned(ChildConflict)).where(visible(ChildConflict)),
    filters=equal(ChildConflict, "person_id", "field", "source")
    | whether("settled", col(ChildConflict.settled_at).is_not(None)),
    order=[col(ChildConflict.id).desc()],
    hidden=["person_ids"],
)
