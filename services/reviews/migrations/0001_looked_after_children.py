"""Looked-after children, their chairs, and what is owed for them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
TEXTS = postgresql.ARRAY(sa.Text())
RECORDS = postgresql.JSONB()


def required(name: str, kind: Any = sa.String) -> sa.Column[Any]:
    """A column that is always filled."""
    return sa.Column(name, kind, nullable=False)


def optional(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that may be empty."""
    return [sa.Column(name, kind) for name in names]


def identifier() -> sa.Column[Any]:
    """The primary key."""
    return sa.Column("id", sa.Uuid(), primary_key=True)


def of_child() -> sa.Column[Any]:
    """The child that a row is about."""
    return sa.Column("person_id", sa.String(), sa.ForeignKey("looked_after_child.person_id"), nullable=False)


def upgrade() -> None:
    """Create the tables."""
    _create_children()
    _create_deadlines()


def _create_children() -> None:
    op.create_table(
        "looked_after_child",
        sa.Column("person_id", sa.String(), primary_key=True),
        *optional(sa.String(), "given_name", "family_name"),
        required("born_on", sa.Date()),
        required("area_id"),
        *optional(sa.String(), "team", "social_worker", "social_worker_id", "manager_id"),
        *(required(name, sa.Boolean()) for name in ("disabled", "unaccompanied", "restricted")),
        required("siblings", TEXTS),
        *optional(sa.String(), "mother_person_id"),
        *optional(sa.Date(), "advocacy_opted_out_on"),
        *optional(sa.String(), "communication_needs", "email", "chair_id"),
        *optional(sa.Date(), "looked_after_since"),
        *optional(sa.String(), "legal_status"),
        required("short_breaks", sa.Boolean()),
        *optional(sa.Date(), "secure_since", "last_visit_on"),
        required("registered_on", sa.Date()),
        *optional(sa.String(), "merged_into"),
        required("version", sa.Integer()),
    )
    here = sa.text("looked_after_since IS NOT NULL AND merged_into IS NULL")
    op.create_index("looked_after_child_chair_id_idx", "looked_after_child", ["chair_id"], postgresql_where=here)
    op.create_index("looked_after_child_area_id_idx", "looked_after_child", ["area_id", "person_id"])
    op.create_index("looked_after_child_mother_person_id_idx", "looked_after_child", ["mother_person_id"])
    op.create_table(
        "period_of_care",
        identifier(),
        of_child(),
        required("starts_on", sa.Date()),
        *optional(sa.Date(), "ends_on"),
        required("short_breaks", sa.Boolean()),
        *optional(sa.Date(), "adoption_authorised_on"),
        required("reviews_before", sa.Integer()),
        *optional(sa.Date(), "reviewed_before_on"),
        required("episodes", RECORDS),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_on"),
        sa.CheckConstraint("(reviews_before > 0) = (reviewed_before_on IS NOT NULL)", name="reviews_before"),
    )
    op.create_index("period_of_care_person_id_idx", "period_of_care", ["person_id", "starts_on"])
    op.create_index("period_of_care_starts_on_idx", "period_of_care", ["starts_on", "ends_on"])
    op.execute("CREATE UNIQUE INDEX period_of_care_open_key ON period_of_care (person_id) WHERE ends_on IS NULL")
    op.create_table(
        "allocation",
        identifier(),
        of_child(),
        required("chair_id"),
        required("starts_on", sa.Date()),
        *optional(sa.Date(), "ends_on"),
        required("allocated_by"),
        required("allocated_at", MOMENT),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_on"),
    )
    op.create_index("allocation_person_id_idx", "allocation", ["person_id", "starts_on"])
    op.execute("CREATE UNIQUE INDEX allocation_open_key ON allocation (person_id) WHERE ends_on IS NULL")


def _create_deadlines() -> None:
    op.create_table(
        "deadline",
        identifier(),
        of_child(),
        *(required(name) for name in ("kind", "subject")),
        *optional(sa.String(), "track"),
        *(required(name, sa.Date()) for name in ("due_on", "event_on")),
        *(required(name) for name in ("rule", "owner_role")),
        *optional(sa.String(), "owner_id", "chair_id"),
        required("area_id"),
        *optional(sa.String(), "team", "review_reference"),
        required("restricted", sa.Boolean()),
        *optional(sa.Date(), "told_missed_on"),
    )
    op.create_index("deadline_due_on_id_idx", "deadline", ["due_on", "id"])
    for column in ("kind", "chair_id", "owner_id", "area_id"):
        op.create_index(f"deadline_{column}_idx", "deadline", [column, "due_on", "id"])
    op.create_index("deadline_person_id_idx", "deadline", ["person_id"])
    op.create_index("deadline_review_reference_idx", "deadline", ["review_reference"])
