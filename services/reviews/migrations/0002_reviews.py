"""Review meetings, decisions, and what happens between reviews."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

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
    _create_reviews()
    _create_child_reviews()
    _create_after_reviews()
    _create_between()
    _create_others()


def _create_reviews() -> None:
    op.create_table(
        "review",
        identifier(),
        *(required(name) for name in ("reference", "state")),
        required("person_ids", TEXTS),
        required("planned_on", sa.Date()),
        sa.Column("planned_time", sa.Time()),
        *(required(name) for name in ("chair_id", "area_id", "mode")),
        *optional(sa.String(), "venue", "early_trigger"),
        required("panel", RECORDS),
        *optional(sa.Date(), "sat_on", "resumes_on", "held_on", "cancelled_on"),
        *optional(sa.String(), "cancelled_because"),
        *(required(name, sa.Boolean()) for name in ("restricted", "imported")),
        required("version", sa.Integer()),
        sa.CheckConstraint("state IN ('planned', 'adjourned', 'held', 'cancelled')", name="state"),
        sa.CheckConstraint("(state = 'held') = (held_on IS NOT NULL)", name="held"),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_on IS NOT NULL)", name="cancelled"),
        sa.CheckConstraint("(cancelled_on IS NULL) = (cancelled_because IS NULL)", name="cancelled_because"),
        sa.CheckConstraint("(sat_on IS NULL) = (resumes_on IS NULL)", name="adjourned"),
        sa.CheckConstraint("held_on >= sat_on", name="resumed"),
        sa.CheckConstraint("cardinality(person_ids) > 0", name="person_ids"),
    )
    op.create_index("review_reference_key", "review", ["reference"], unique=True)
    op.create_index("review_planned_on_id_idx", "review", ["planned_on", "id"])
    for column in ("chair_id", "area_id", "state"):
        op.create_index(f"review_{column}_idx", "review", [column, "planned_on", "id"])
    op.create_index("review_person_ids_idx", "review", ["person_ids"], postgresql_using="gin")


def _create_child_reviews() -> None:
    op.create_table(
        "child_review",
        identifier(),
        sa.Column("review_id", sa.Uuid(), sa.ForeignKey("review.id"), nullable=False),
        required("reference"),
        of_child(),
        *(required(name) for name in ("track", "kind")),
        *optional(sa.Date(), "due_on", "event_on"),
        *optional(sa.String(), "rule"),
        *(required(name) for name in ("chair_id", "area_id")),
        *optional(sa.String(), "team"),
        *(required(name, sa.Boolean()) for name in ("restricted", "cancelled")),
        *optional(sa.Date(), "contacted_beforehand_on", "consultation_sent_on", "consultation_returned_on"),
        *optional(sa.Date(), "social_worker_report_due_on", "social_worker_report_on"),
        required("plan_checks", RECORDS),
        *optional(sa.Date(), "sat_on", "held_on"),
        *optional(sa.Boolean(), "in_time"),
        *optional(sa.Integer(), "age"),
        required("remand", sa.Boolean()),
        *optional(sa.String(), "participation"),
        *optional(sa.Boolean(), "attended", "seen_alone"),
        *optional(sa.String(), "views", "next_step"),
        *optional(sa.Date(), "next_due_on", "decisions_due_on", "decisions_on", "record_due_on"),
        *optional(sa.String(), "record_text", "child_text"),
        *optional(sa.Date(), "record_on", "distribution_due_on", "distributed_on"),
        required("distributed_to", TEXTS),
        sa.CheckConstraint("(due_on IS NULL) = (track = 'disruption')", name="due_on"),
        sa.CheckConstraint("(held_on IS NULL) = (participation IS NULL)", name="participation"),
        sa.CheckConstraint("(held_on IS NULL) = (age IS NULL)", name="age"),
        sa.CheckConstraint("record_on >= held_on AND distributed_on >= record_on", name="record"),
    )
    op.create_index("child_review_review_id_person_id_key", "child_review", ["review_id", "person_id"], unique=True)
    op.create_index("child_review_person_id_idx", "child_review", ["person_id", "held_on"])
    op.create_index("child_review_held_on_id_idx", "child_review", ["held_on", "id"])
    op.create_index("child_review_area_id_idx", "child_review", ["area_id", "held_on"])
    op.create_index("child_review_chair_id_idx", "child_review", ["chair_id", "held_on"])


def _create_after_reviews() -> None:
    op.create_table(
        "invitation",
        identifier(),
        sa.Column("review_id", sa.Uuid(), sa.ForeignKey("review.id"), nullable=False),
        required("reference"),
        required("person_ids", TEXTS),
        *(required(name) for name in ("name", "relationship")),
        *optional(sa.String(), "agency_id", "email"),
        required("automatic", sa.Boolean()),
        required("invited_on", sa.Date()),
        *optional(sa.Boolean(), "attended"),
        *optional(sa.Date(), "followed_up_on"),
        *optional(sa.String(), "followed_up_by"),
        sa.CheckConstraint("(followed_up_on IS NULL) = (followed_up_by IS NULL)", name="followed_up"),
    )
    op.create_index("invitation_review_id_idx", "invitation", ["review_id"])
    op.create_index("invitation_reference_idx", "invitation", ["reference"])
    op.create_table(
        "decision",
        identifier(),
        sa.Column("child_review_id", sa.Uuid(), sa.ForeignKey("child_review.id"), nullable=False),
        required("reference"),
        of_child(),
        required("number", sa.Integer()),
        *(required(name) for name in ("decision", "owner")),
        *optional(sa.Date(), "due_on"),
        required("state"),
        *optional(sa.String(), "manager_id"),
        *(required(name, sa.Date()) for name in ("sent_on", "respond_by")),
        *optional(sa.Date(), "responded_on"),
        *optional(sa.String(), "responded_by", "objection", "settlement"),
        *optional(sa.Boolean(), "implemented"),
        *optional(sa.Date(), "checked_on"),
        *optional(sa.String(), "checked_by"),
        required("restricted", sa.Boolean()),
        required("chair_id"),
        required("version", sa.Integer()),
        sa.CheckConstraint("state IN ('sent', 'agreed', 'agreed_by_silence', 'objected', 'settled')", name="state"),
        sa.CheckConstraint("(state = 'sent') = (responded_on IS NULL)", name="responded"),
        sa.CheckConstraint("(state IN ('objected', 'settled')) = (objection IS NOT NULL)", name="objection"),
        sa.CheckConstraint("(implemented IS NULL) = (checked_on IS NULL)", name="checked"),
    )
    op.create_index("decision_child_review_id_number_key", "decision", ["child_review_id", "number"], unique=True)
    op.create_index("decision_person_id_idx", "decision", ["person_id", "id"])
    op.create_index("decision_state_idx", "decision", ["state", "respond_by", "id"])
    op.create_index("decision_manager_id_idx", "decision", ["manager_id", "state", "id"])


def _create_between() -> None:
    op.create_table(
        "contact",
        identifier(),
        of_child(),
        required("kind"),
        required("happened_on", sa.Date()),
        required("made_by"),
        *optional(sa.Boolean(), "seen_alone"),
        *optional(sa.String(), "note"),
        required("recorded_at", MOMENT),
    )
    op.create_index("contact_person_id_idx", "contact", ["person_id", "happened_on"])
    op.create_index("contact_happened_on_idx", "contact", ["happened_on", "id"])
    op.create_table(
        "midpoint_check",
        identifier(),
        of_child(),
        *(required(name, sa.Date()) for name in ("reviewed_on", "due_on", "done_on")),
        required("done_by"),
        required("on_track", sa.Boolean()),
        *optional(sa.String(), "note"),
    )
    op.create_index(
        "midpoint_check_person_id_reviewed_on_key", "midpoint_check", ["person_id", "reviewed_on"], unique=True
    )
    op.create_index("midpoint_check_done_on_idx", "midpoint_check", ["done_on"])
    op.create_table(
        "prompt_done",
        sa.Column("person_id", sa.String(), primary_key=True),
        sa.Column("prompt", sa.String(), primary_key=True),
        sa.Column("care_since", sa.Date(), primary_key=True),
        required("done_on", sa.Date()),
        required("done_by"),
    )
    op.create_table(
        "leaving_care_decision",
        identifier(),
        of_child(),
        required("approval"),
        required("requested_on", sa.Date()),
        *optional(sa.Date(), "decided_on"),
        *optional(sa.Boolean(), "approved"),
        *optional(sa.String(), "decided_by", "note"),
        required("version", sa.Integer()),
        sa.CheckConstraint("approval IN ('nominated_officer', 'director')", name="approval"),
        sa.CheckConstraint("(decided_on IS NULL) = (approved IS NULL)", name="decided"),
        sa.CheckConstraint("(decided_on IS NULL) = (decided_by IS NULL)", name="decided_by"),
    )
    op.create_index("leaving_care_decision_person_id_idx", "leaving_care_decision", ["person_id", "id"])
    op.create_index("leaving_care_decision_decided_on_idx", "leaving_care_decision", ["decided_on"])
    op.create_table(
        "feedback",
        identifier(),
        required("reference"),
        required("person_ids", TEXTS),
        *(required(name) for name in ("from_whom", "rating")),
        *optional(sa.String(), "comment"),
        required("given_on", sa.Date()),
        required("recorded_by"),
        sa.CheckConstraint("rating IN ('red', 'amber', 'green')", name="rating"),
    )
    op.create_index("feedback_reference_idx", "feedback", ["reference"])
    op.create_index("feedback_given_on_idx", "feedback", ["given_on", "id"])


def _create_others() -> None:
    op.create_table(
        "disruption_referral",
        identifier(),
        required("reference"),
        of_child(),
        required("placement"),
        required("referred_on", sa.Date()),
        *(required(name) for name in ("referred_by", "reason", "state")),
        *optional(sa.Date(), "decided_on"),
        *optional(sa.String(), "decided_by", "declined_because", "chair_id", "review_reference"),
        required("version", sa.Integer()),
        sa.CheckConstraint("state IN ('received', 'accepted', 'declined')", name="state"),
        sa.CheckConstraint("(state = 'received') = (decided_on IS NULL)", name="decided"),
        sa.CheckConstraint("(state = 'declined') = (declined_because IS NOT NULL)", name="declined"),
        sa.CheckConstraint("state <> 'accepted' OR chair_id IS NOT NULL", name="accepted"),
    )
    op.create_index("disruption_referral_reference_key", "disruption_referral", ["reference"], unique=True)
    op.create_index("disruption_referral_person_id_idx", "disruption_referral", ["person_id"])
    op.create_index("disruption_referral_referred_on_idx", "disruption_referral", ["referred_on", "id"])
    op.create_table(
        "raised_escalation",
        sa.Column("reference", sa.String(), primary_key=True),
        required("review_reference"),
        required("formal", sa.Boolean()),
        required("raised_on", sa.Date()),
        *optional(sa.Date(), "closed_on"),
    )
    op.create_index("raised_escalation_review_reference_idx", "raised_escalation", ["review_reference"])
    op.create_table(
        "person_merge",
        identifier(),
        *(required(name) for name in ("from_person_id", "into_person_id")),
        required("merged_at", MOMENT),
        *(required(name) for name in ("merged_by", "because")),
        required("moved", RECORDS),
        *optional(MOMENT, "undone_at"),
        *optional(sa.String(), "undone_by"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
    )
    op.create_index("person_merge_into_person_id_idx", "person_merge", ["into_person_id"])
    op.create_table(
        "diary_feed",
        identifier(),
        required("token_hash", sa.LargeBinary()),
        required("chair_id"),
        required("created_at", MOMENT),
        *optional(MOMENT, "revoked_at"),
    )
    op.create_index("diary_feed_token_hash_key", "diary_feed", ["token_hash"], unique=True)
