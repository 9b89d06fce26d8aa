"""Children with what asks for a conference and their plans, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import case, func, literal_column, select
from sqlmodel import col

from chassis.access.visibility import all_visible, columns, concerned, only_visible, people, visible
from chassis.children.models import Child
from chassis.children.names import name_of
from chassis.db.columns import equal, whether
from chassis.meetings.corrections import voided_about
from chassis.web.pagination import JsonRows
from services.conferences.children.models import Protection, Voided
from services.conferences.columns import json_list
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.vocabulary import PlanEnd

_DEATH = select(func.max(col(ProtectionPlan.ends_on))).where(
    col(ProtectionPlan.person_id) == col(Protection.person_id), col(ProtectionPlan.end_reason) == PlanEnd.DEATH
)
# Who the child is, and what conferences know of them, a death by which a plan ended too; the version is the latter's.
# Their record names other children: the caller sees those whose records they may see.
_OTHERS = {
    name: case((all_visible(people(getattr(Child, name))), col(getattr(Child, name)))).label(name)
    for name in ("mother_person_id", "merged_into")
} | {"siblings": only_visible(col(Child.siblings), "siblings")}
SHOWN = [
    *(_OTHERS.get(column.name, column) for column in columns(Child, "version", "died_on")),
    func.coalesce(col(Child.died_on), _DEATH.correlate(Protection).scalar_subquery()).label("died_on"),
    *columns(Protection, "person_id", "looked_after_version"),
]
IS_CHILD = col(Child.person_id) == col(Protection.person_id)

PROTECTION = JsonRows(
    select(*SHOWN, concerned(Protection)).join_from(Protection, Child, IS_CHILD).where(visible(Protection)),
    filters=equal(Protection, "person_id", "chair_id", "category")
    | equal(Child, "area_id", "team", "family_id")
    | whether("on_plan", col(Protection.plan_since).is_not(None))
    | whether("looked_after", col(Protection.looked_after_since).is_not(None)),
    order=[col(Protection.person_id)],
    hidden=["person_ids"],
)


def _of_child(table: Any, name: str, order: str, *left_out: str) -> Any:
    """The rows of a table about a child, as one JSON list."""
    rows = select(*columns(table, *left_out), name_of(table.person_id))
    rows = rows.where(table.person_id == col(Protection.person_id))
    return json_list(rows.order_by(literal_column(order)).correlate(Protection), name)


WHOLE_PROTECTION = JsonRows(
    select(
        *SHOWN,
        _of_child(ConferenceRequest, "requests", "started_on", "id"),
        _of_child(ProtectionPlan, "plans", "starts_on", "imported", "reviewed_before_on"),
        concerned(Protection),
    )
    .join_from(Protection, Child, IS_CHILD)
    .where(visible(Protection)),
    filters=equal(Protection, "person_id"),
    hidden=["person_ids"],
)


def about_visible(table: Any, *left_out: str) -> Any:
    """The rows of a table that are about a child whose record the caller may see."""
    shown = select(*columns(table, *left_out), name_of(table.person_id), concerned(table))
    return shown.join(Protection, col(Protection.person_id) == table.person_id).where(visible(Protection))


VOIDED = voided_about(Voided, Protection)
