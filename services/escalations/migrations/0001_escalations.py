"""Escalations, answers and answer links, challenges, good practice, and copies of the directory."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
TEXTS = postgresql.ARRAY(sa.Text())


def required(name: str, kind: Any = sa.String) -> sa.Column[Any]:
    """A column that is always filled."""
    return sa.Column(name, kind, nullable=False)


def identifier() -> sa.Column[Any]:
    """The primary key."""
    return sa.Column("id", sa.Uuid(), primary_key=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "reference_counter",
        sa.Column("prefix", sa.String(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        required("last", sa.Integer()),
    )
    op.create_table(
        "directory_copy",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("id", sa.String(), primary_key=True),
        required("roles", TEXTS),
        sa.Column("ends_on", sa.Date()),
        required("version", sa.Integer()),
        sa.CheckConstraint("kind IN ('colleague', 'agency', 'area')", name="kind"),
    )
    _create_escalation()
    _create_answers()
    op.create_table(
        "escalation_move",
        identifier(),
        sa.Column("escalation_id", sa.Uuid(), sa.ForeignKey("escalation.id"), nullable=False),
        required("at", MOMENT),
        *(required(name) for name in ("actor", "owner_id", "move", "state")),
        required("stage", sa.Integer()),
        sa.Column("note", sa.String()),
        sa.Column("answer_id", sa.Uuid(), sa.ForeignKey("answer.id")),
    )
    op.create_index("escalation_move_escalation_id_idx", "escalation_move", ["escalation_id", "id"])
    _create_informal()


def _create_escalation() -> None:
    op.create_table(
        "escalation",
        identifier(),
        *(required(name) for name in ("reference", "kind", "state")),
        sa.Column("theme", sa.String()),
        sa.Column("reason", sa.String()),
        required("person_ids", TEXTS),
        sa.Column("meeting_reference", sa.String()),
        sa.Column("meeting_on", sa.Date()),
        required("raised_on", sa.Date()),
        *(required(name) for name in ("raised_by", "owner_id", "agency_id", "agency_role")),
        sa.Column("professional_name", sa.String()),
        sa.Column("professional_team", sa.String()),
        required("area_id"),
        required("stage", sa.Integer()),
        required("stage_due_on", sa.Date()),
        required("due_on", sa.Date()),
        sa.Column("answer", sa.String()),
        *(sa.Column(name, sa.Date()) for name in ("first_answered_on", "cafcass_referred_on")),
        *(sa.Column(name, sa.Date()) for name in ("legal_advice_requested_on", "closed_on")),
        *(sa.Column(name, sa.String()) for name in ("closed_by", "resolution", "withdrawn_because")),
        sa.Column("challenge_reference", sa.String()),
        required("imported", sa.Boolean()),
        required("version", sa.Integer()),
        sa.CheckConstraint("kind IN ('care_planning', 'conference_contribution')", name="kind"),
        sa.CheckConstraint("state IN ('open', 'answered', 'resolved', 'withdrawn')", name="state"),
        sa.CheckConstraint("(kind = 'care_planning') = (theme IS NOT NULL)", name="theme"),
        sa.CheckConstraint("(kind = 'conference_contribution') = (reason IS NOT NULL)", name="reason"),
        sa.CheckConstraint("(closed_on IS NULL) = (state IN ('open', 'answered'))", name="closed"),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_by IS NULL)", name="closed_by"),
        sa.CheckConstraint("(answer IS NULL) = (first_answered_on IS NULL)", name="answered"),
        sa.CheckConstraint("state <> 'answered' OR answer IS NOT NULL", name="answered_state"),
        sa.CheckConstraint("cardinality(person_ids) > 0", name="person_ids"),
    )
    op.create_index("escalation_reference_key", "escalation", ["reference"], unique=True)
    op.create_index("escalation_raised_on_id_idx", "escalation", ["raised_on", "id"])
    for column in ("owner_id", "agency_id", "area_id", "state"):
        op.create_index(f"escalation_{column}_idx", "escalation", [column, "raised_on", "id"])
    op.create_index("escalation_open_idx", "escalation", ["due_on"], postgresql_where=sa.text("closed_on IS NULL"))
    op.create_index("escalation_meeting_reference_idx", "escalation", ["meeting_reference"])
    op.execute("CREATE INDEX escalation_reference_text_idx ON escalation (reference text_pattern_ops)")


def _create_answers() -> None:
    op.create_table(
        "answer_link",
        identifier(),
        required("token_hash", sa.LargeBinary()),
        required("colleague_id"),
        required("period"),
        required("references", TEXTS),
        required("created_at", MOMENT),
        required("expires_on", sa.Date()),
        sa.Column("superseded_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("revoked_by", sa.String()),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
    )
    op.create_index("answer_link_token_hash_key", "answer_link", ["token_hash"], unique=True)
    op.create_index("answer_link_colleague_id_idx", "answer_link", ["colleague_id", "period"])
    op.create_table(
        "answer",
        identifier(),
        required("at", MOMENT),
        required("answered_on", sa.Date()),
        required("answered_by"),
        sa.Column("on_behalf_of", sa.String()),
        sa.Column("answer_link_id", sa.Uuid(), sa.ForeignKey("answer_link.id")),
        required("choice"),
        sa.Column("expected_on", sa.Date()),
        sa.Column("note", sa.String()),
        required("references", TEXTS),
        sa.CheckConstraint("(choice = 'still_looking') = (expected_on IS NOT NULL)", name="expected"),
    )
    op.create_index("answer_references_idx", "answer", ["references"], postgresql_using="gin")
    op.create_index("answer_answer_link_id_idx", "answer", ["answer_link_id"])


def _create_informal() -> None:
    op.create_table(
        "challenge",
        identifier(),
        *(required(name) for name in ("reference", "state", "theme")),
        required("person_ids", TEXTS),
        required("about"),
        sa.Column("team", sa.String()),
        required("area_id"),
        required("raised_on", sa.Date()),
        *(required(name) for name in ("raised_by", "owner_id")),
        sa.Column("outcome", sa.String()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("escalation_reference", sa.String()),
        required("version", sa.Integer()),
        sa.CheckConstraint("state IN ('open', 'resolved', 'raised_formally')", name="state"),
        sa.CheckConstraint("(closed_on IS NULL) = (state = 'open')", name="closed"),
        sa.CheckConstraint("(escalation_reference IS NULL) = (state <> 'raised_formally')", name="formally"),
    )
    op.create_index("challenge_reference_key", "challenge", ["reference"], unique=True)
    op.create_index("challenge_raised_on_id_idx", "challenge", ["raised_on", "id"])
    op.create_table(
        "good_practice",
        identifier(),
        required("reference"),
        required("person_ids", TEXTS),
        *(required(name) for name in ("worker_name", "team", "area_id", "practice")),
        required("noted_on", sa.Date()),
        required("noted_by"),
        *(sa.Column(name, sa.Date()) for name in ("fed_back_on", "manager_copied_on")),
        required("version", sa.Integer()),
    )
    op.create_index("good_practice_reference_key", "good_practice", ["reference"], unique=True)
    op.create_index("good_practice_noted_on_id_idx", "good_practice", ["noted_on", "id"])
