"""Merges, rendered by PostgreSQL."""

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import all_visible, columns, people
from chassis.db.columns import matching
from chassis.web.pagination import JsonRows
from services.children.merges.models import PersonMerge

_BOTH = people(PersonMerge.from_person_id, PersonMerge.into_person_id)
MERGES = JsonRows(
    select(*columns(PersonMerge), _BOTH.label("person_ids")).where(all_visible(_BOTH)),
    filters=matching(col(PersonMerge.into_person_id), "person_id"),
    order=[col(PersonMerge.id).desc()],
    hidden=["person_ids"],
)
