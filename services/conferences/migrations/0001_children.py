"""Children, what asks for a conference, plans, and what is owed."""

import sqlalchemy as sa
from alembic import op

from chassis.db.migration_columns import TEXTS, identifier, optional, owned_by, required

revision = "0001"
down_revision = None

TEXT, DAY, FLAG, NUMBER = sa.String(), sa.Date(), sa.Boolean(), sa.Integer()


def upgrade() -> None:
    """Create the tables."""
    _create_children()
    _create_requests()
    _create_plans()
    _create_deadlines()


def _create_children() -> None:
    op.create_table(
        "child",
        sa.Column("person_id", TEXT, primary_key=True),
        *optional(TEXT, "given_name", "family_name"),
        *optional(DAY, "born_on", "expected_on", "died_on"),
        *optional(TEXT, "sex", "ethnicity"),
        *required(TEXTS, "disabilities"),
        *optional(TEXT, "upn", "upn_unknown", "family_id", "school", "gp_practice"),
        *required(TEXT, "area_id"),
        *optional(TEXT, "team", "social_worker", "social_worker_id", "supervisor_id", "manager_id"),
        *required(FLAG, "restricted"),
        *optional(DAY, "advocacy_opted_out_on"),
        *optional(TEXT, "chair_id"),
        *optional(DAY, "plan_since"),
        *optional(TEXT, "category"),
        *optional(DAY, "looked_after_since"),
        *required(NUMBER, "looked_after_version"),
        *required(DAY, "registered_on"),
        *required(NUMBER, "version"),
        sa.CheckConstraint("born_on IS NOT NULL OR expected_on IS NOT NULL", name="born_or_expected"),
        sa.CheckConstraint("(plan_since IS NULL) = (category IS NULL)", name="category"),
    )
    for column in ("chair_id", "area_id", "family_id", "team"):
        op.create_index(f"child_{column}_idx", "child", [column, "person_id"])
    op.create_index("child_plan_since_idx", "child", ["plan_since"], postgresql_where="plan_since IS NOT NULL")


def _create_requests() -> None:
    op.create_table(
        "conference_request",
        identifier(),
        *required(TEXT, "kind", "request_id"),
        owned_by("person_id", "child.person_id", TEXT),
        *required(DAY, "started_on"),
        *optional(DAY, "event_on", "due_on"),
        *optional(TEXT, "from_authority"),
        *required(FLAG, "conference_not_required"),
        *optional(TEXT, "conference_reference"),
        *optional(DAY, "answered_on"),
        *required(NUMBER, "version"),
        sa.CheckConstraint("kind IN ('section_47_enquiry', 'transfer_in')", name="kind"),
        sa.CheckConstraint("(event_on IS NULL) = (due_on IS NULL)", name="due_on"),
        sa.CheckConstraint("(kind = 'transfer_in') = (from_authority IS NOT NULL)", name="from_authority"),
    )
    op.create_index("conference_request_kind_request_id_key", "conference_request", ["kind", "request_id"], unique=True)
    op.create_index("conference_request_person_id_idx", "conference_request", ["person_id", "started_on"])
    op.create_index("conference_request_started_on_id_idx", "conference_request", ["started_on", "id"])


def _create_plans() -> None:
    op.create_table(
        "protection_plan",
        identifier(),
        owned_by("person_id", "child.person_id", TEXT),
        *required(DAY, "starts_on"),
        *required(TEXT, "initial_category", "latest_category"),
        *optional(DAY, "ends_on"),
        *optional(TEXT, "end_reason"),
        *required(NUMBER, "previous_plans"),
        *optional(DAY, "previous_ended_on", "reviewed_before_on"),
        *optional(TEXT, "started_by", "ended_by", "chair_id"),
        *required(TEXT, "area_id"),
        *optional(TEXT, "team"),
        *required(FLAG, "restricted", "imported"),
        *required(NUMBER, "version"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_on"),
        sa.CheckConstraint("(ends_on IS NULL) = (end_reason IS NULL)", name="end_reason"),
        sa.CheckConstraint("initial_category IN ('NEG', 'PHY', 'SAB', 'EMO', 'MUL')", name="initial_category"),
        sa.CheckConstraint("latest_category IN ('NEG', 'PHY', 'SAB', 'EMO', 'MUL')", name="latest_category"),
    )
    op.create_index(
        "protection_plan_person_id_starts_on_key", "protection_plan", ["person_id", "starts_on"], unique=True
    )
    op.execute("CREATE UNIQUE INDEX protection_plan_open_key ON protection_plan (person_id) WHERE ends_on IS NULL")
    op.create_index("protection_plan_starts_on_id_idx", "protection_plan", ["starts_on", "id"])
    for column in ("area_id", "chair_id"):
        op.create_index(f"protection_plan_{column}_idx", "protection_plan", [column, "starts_on", "id"])
    op.create_index("protection_plan_ends_on_idx", "protection_plan", ["ends_on", "starts_on"])


def _create_deadlines() -> None:
    op.create_table(
        "deadline",
        identifier(),
        owned_by("person_id", "child.person_id", TEXT),
        *required(TEXT, "kind", "subject"),
        *required(DAY, "due_on", "event_on"),
        *required(TEXT, "rule", "owner_role"),
        *optional(TEXT, "owner_id", "chair_id"),
        *required(TEXT, "area_id"),
        *optional(TEXT, "team", "conference_reference"),
        *required(FLAG, "restricted"),
        *optional(DAY, "told_missed_on"),
    )
    op.create_index("deadline_due_on_id_idx", "deadline", ["due_on", "id"])
    for column in ("kind", "chair_id", "owner_id", "area_id"):
        op.create_index(f"deadline_{column}_idx", "deadline", [column, "due_on", "id"])
    op.create_index("deadline_person_id_idx", "deadline", ["person_id"])
    op.create_index("deadline_conference_reference_idx", "deadline", ["conference_reference"])
