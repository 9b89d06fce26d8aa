"""Children with what asks for a conference and their plans, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import literal_column, select
from sqlmodel import col

from chassis.access.visibility import columns, concerned, visible
from chassis.db.columns import equal, whether
from chassis.meetings.corrections import voided_about
from chassis.web.pagination import JsonRows
from services.conferences.children.models import Child, Voided
from services.conferences.columns import json_list
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.plans.models import ProtectionPlan

HIDDEN = ("looked_after_version",)

CHILDREN = JsonRows(
    select(*columns(Child, *HIDDEN), concerned(Child)).where(visible(Child)),
    filters=equal(Child, "person_id", "chair_id", "area_id", "team", "family_id", "category")
    | whether("on_plan", col(Child.plan_since).is_not(None))
    | whether("looked_after", col(Child.looked_after_since).is_not(None)),
    order=[col(Child.person_id)],
    hidden=["person_ids"],
)


def _of_child(table: Any, name: str, order: str, *left_out: str) -> Any:
    """The rows of a table about a child, as one JSON list."""
    rows = select(*columns(table, *left_out)).where(table.person_id == col(Child.person_id))
    return json_list(rows.order_by(literal_column(order)).correlate(Child), name)


WHOLE_CHILD = JsonRows(
    select(
        *columns(Child, *HIDDEN),
        _of_child(ConferenceRequest, "requests", "started_on", "id"),
        _of_child(ProtectionPlan, "plans", "starts_on", "imported", "reviewed_before_on"),
        concerned(Child),
    ).where(visible(Child)),
    filters=equal(Child, "person_id"),
    hidden=["person_ids"],
)


def about_visible(table: Any, *left_out: str) -> Any:
    """The rows of a table that are about a child whose record the caller may see."""
    shown = select(*columns(table, *left_out), concerned(table))
    return shown.join(Child, col(Child.person_id) == table.person_id).where(visible(Child))


VOIDED = voided_about(Voided, Child)
