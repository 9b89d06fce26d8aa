"""Events told and heard: the outbox, its deliveries, outside subscribers, and what was received."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables; a new event wakes the relay when its transaction commits."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.String()),
        sa.Column("addressed_at", moment),
        schema="chassis",
    )
    op.create_index(
        "outgoing_unaddressed_idx",
        "outgoing",
        ["id"],
        schema="chassis",
        postgresql_where=sa.text("addressed_at IS NULL"),
    )
    op.create_index("outgoing_at_idx", "outgoing", ["at"], schema="chassis")
    op.execute(
        """
        CREATE FUNCTION chassis.wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('outgoing', '');
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER outgoing_wakes_relay AFTER INSERT ON chassis.outgoing
        FOR EACH STATEMENT EXECUTE FUNCTION chassis.wake_relay()
        """
    )
    op.create_table(
        "delivery",
        sa.Column("event_id", sa.Uuid(), sa.ForeignKey("chassis.outgoing.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("subscriber", sa.String(), primary_key=True),
        sa.Column("due_at", moment),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempts", postgresql.JSONB(), nullable=False, server_default="[]"),
        sa.Column("delivered_at", moment),
        sa.Column("parked_at", moment),
        sa.CheckConstraint("num_nonnulls(due_at, delivered_at, parked_at) = 1", name="waiting_delivered_or_parked"),
        schema="chassis",
    )
    op.create_index(
        "delivery_due_idx",
        "delivery",
        ["subscriber", "due_at"],
        schema="chassis",
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "delivery_parked_idx",
        "delivery",
        ["subscriber", "event_id"],
        schema="chassis",
        postgresql_where=sa.text("parked_at IS NOT NULL"),
    )
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("event_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("earlier_secret", sa.String()),
        sa.Column("earlier_secret_until", moment),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("disabled_at", moment),
        sa.Column("disabled_because", sa.String()),
        sa.Column("version", sa.Integer(), nullable=False),
        schema="chassis",
    )
    op.create_table(
        "received",
        sa.Column("source", sa.String(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), primary_key=True),
        sa.Column("at", moment, nullable=False),
        schema="chassis",
    )
    op.create_index("received_at_idx", "received", ["at"], schema="chassis")
