"""The audit, idempotent answers and the schedule, in a schema of the chassis's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables; the audit refuses to be altered even by its owner's slip."""
    texts = postgresql.ARRAY(sa.Text())
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("roles", texts, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("person_ids", texts, nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("why", sa.String()),
        sa.Column("request_id", sa.String()),
        schema="chassis",
    )
    op.create_index("audit_entry_at_id_idx", "audit_entry", ["at", "id"], schema="chassis")
    op.create_index("audit_entry_caller_idx", "audit_entry", ["caller", "at"], schema="chassis")
    op.create_index(
        "audit_entry_person_ids_idx", "audit_entry", ["person_ids"], schema="chassis", postgresql_using="gin"
    )
    op.execute(
        """
        CREATE FUNCTION chassis.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'The audit is append-only.' USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON chassis.audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION chassis.refuse_change()
        """
    )
    op.create_table(
        "idempotent_answer",
        sa.Column("caller", sa.String(), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", postgresql.JSONB()),
        sa.Column("body", sa.String()),
        schema="chassis",
    )
    op.create_index("idempotent_answer_at_idx", "idempotent_answer", ["at"], schema="chassis")
    op.create_table(
        "schedule_run",
        sa.Column("job", sa.String(), primary_key=True),
        sa.Column("period", sa.String(), primary_key=True),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("leased_until", moment),
        sa.Column("finished_at", moment),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("caught_up", sa.Boolean(), nullable=False),
        sa.Column("outcome", postgresql.JSONB(), nullable=False),
        schema="chassis",
    )
    op.create_table(
        "schedule_claim",
        sa.Column("job", sa.String(), primary_key=True),
        sa.Column("period", sa.String(), primary_key=True),
        sa.Column("recipient", sa.String(), primary_key=True),
        sa.Column("claimed_at", moment, nullable=False),
        schema="chassis",
    )
