"""Children with what asks for a conference and their plans, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import bindparam, func, literal_column, not_, select
from sqlmodel import col

from chassis.access.visibility import columns, concerned, visible
from chassis.web.pagination import JsonRows
from services.conferences.children.models import Child, ConferenceRequest, ProtectionPlan

HIDDEN = ("looked_after_version",)
IS_ON_PLAN = col(Child.plan_since).is_not(None)
IS_LOOKED_AFTER = col(Child.looked_after_since).is_not(None)

CHILDREN = JsonRows(
    select(*columns(Child, *HIDDEN), concerned(Child)).where(visible(Child)),
    filters={
        "chair_id": col(Child.chair_id) == bindparam("chair_id"),
        "area_id": col(Child.area_id) == bindparam("area_id"),
        "team": col(Child.team) == bindparam("team"),
        "family_id": col(Child.family_id) == bindparam("family_id"),
        "category": col(Child.category) == bindparam("category"),
        "is_on_plan": IS_ON_PLAN,
        "is_not_on_plan": not_(IS_ON_PLAN),
        "is_looked_after": IS_LOOKED_AFTER,
        "is_not_looked_after": not_(IS_LOOKED_AFTER),
    },
    order=[col(Child.person_id)],
    hidden=["person_ids"],
)


def _of_child(table: Any, name: str, order: str, *left_out: str) -> Any:
    """The rows of a table about a child, as one JSON list."""
    rows = (
        select(*columns(table, "person_id", *left_out), table.person_id)
        .where(table.person_id == col(Child.person_id))
        .order_by(literal_column(order))
        .correlate(Child)
        .lateral(name)
    )
    listed = func.json_agg(literal_column(f"row_to_json({name})"))
    return select(func.coalesce(listed, literal_column("'[]'::json"))).select_from(rows).scalar_subquery()


WHOLE_CHILD = JsonRows(
    select(
        *columns(Child, *HIDDEN),
        _of_child(ConferenceRequest, "requests", "started_on", "id").label("requests"),
        _of_child(ProtectionPlan, "plans", "starts_on", "restricted", "imported", "reviewed_before_on").label("plans"),
        concerned(Child),
    ).where(visible(Child)),
    filters={"person_id": col(Child.person_id) == bindparam("person_id")},
    hidden=["person_ids"],
)
