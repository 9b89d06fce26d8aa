"""The directory, coverage, messages and suppressed addresses."""

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


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "area",
        sa.Column("id", sa.String(), primary_key=True),
        required("name"),
        sa.Column("ends_on", sa.Date()),
        required("version", sa.Integer()),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.String(), primary_key=True),
        required("name"),
        required("roles", TEXTS),
        required("internal", sa.Boolean()),
        sa.Column("ends_on", sa.Date()),
        required("version", sa.Integer()),
        sa.CheckConstraint("cardinality(roles) > 0", name="roles"),
    )
    op.create_table(
        "colleague",
        sa.Column("id", sa.String(), primary_key=True),
        *(required(name) for name in ("name", "email")),
        required("positions", TEXTS),
        sa.Column("team_manager_id", sa.String(), sa.ForeignKey("colleague.id")),
        sa.Column("area_id", sa.String(), sa.ForeignKey("area.id")),
        sa.Column("full_time_equivalent", sa.Numeric(4, 2)),
        required("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        required("version", sa.Integer()),
        sa.CheckConstraint("cardinality(positions) > 0", name="positions"),
        sa.CheckConstraint("full_time_equivalent > 0 AND full_time_equivalent <= 1", name="full_time_equivalent"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_on"),
    )
    op.create_index("colleague_positions_idx", "colleague", ["positions"], postgresql_using="gin")
    op.create_table(
        "coverage",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("colleague_id", sa.String(), sa.ForeignKey("colleague.id"), nullable=False),
        sa.Column("agency_id", sa.String(), sa.ForeignKey("agency.id")),
        sa.Column("agency_role", sa.String()),
        sa.Column("area_id", sa.String(), sa.ForeignKey("area.id")),
        required("fallback", sa.Boolean()),
        required("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        required("version", sa.Integer()),
        sa.CheckConstraint("agency_id IS NOT NULL OR fallback", name="agency"),
        sa.CheckConstraint("agency_role IS NULL OR agency_id IS NOT NULL", name="agency_role"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_on"),
    )
    op.create_index("coverage_agency_id_idx", "coverage", ["agency_id"])
    op.create_index("coverage_colleague_id_idx", "coverage", ["colleague_id"])
    _create_messages()


def _create_messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), primary_key=True),
        *(required(name) for name in ("template", "recipient_id", "address", "subject", "html", "text")),
        *(sa.Column(name, sa.String()) for name in ("schedule", "period")),
        sa.Column("answer_link", postgresql.JSONB()),
        sa.Column("answer_url", sa.String()),
        sa.Column("resent_from", sa.Uuid()),
        required("state"),
        required("queued_at", MOMENT),
        sa.Column("due_at", MOMENT),
        required("tries", sa.Integer()),
        required("attempts", postgresql.JSONB()),
        *(sa.Column(name, MOMENT) for name in ("sent_at", "delivered_at", "failed_at")),
        *(sa.Column(name, sa.String()) for name in ("failure", "provider_reference")),
        sa.CheckConstraint("state IN ('queued', 'sent', 'delivered', 'failed', 'bounced', 'suppressed')", name="state"),
        sa.CheckConstraint("(state = 'queued') = (due_at IS NOT NULL)", name="queued"),
        sa.CheckConstraint("state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL", name="sent"),
        sa.CheckConstraint("due_at IS NOT NULL OR answer_url IS NULL", name="answer_url"),
    )
    op.create_index("message_due_at_idx", "message", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index("message_recipient_id_idx", "message", ["recipient_id", "id"])
    op.create_index("message_schedule_idx", "message", ["schedule", "period", "id"])
    op.create_index("message_state_idx", "message", ["state", "id"])
    op.create_index("message_provider_reference_idx", "message", ["provider_reference"])
    op.execute(
        """
        CREATE FUNCTION wake_mailer() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('message', '');
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER message_wakes_mailer AFTER INSERT ON message
        FOR EACH STATEMENT EXECUTE FUNCTION wake_mailer()
        """
    )
    op.create_table(
        "suppression",
        sa.Column("address", sa.String(), primary_key=True),
        required("reason"),
        required("since", MOMENT),
        required("by"),
    )
