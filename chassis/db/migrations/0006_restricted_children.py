"""Which children are restricted, and who chairs for them: in every service, as each service that owns children says.

A service that owns children puts a trigger on its own table that calls `chassis.keep_visibility`. What concerns a
restricted child is told to the other services in the transaction in which it changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# An identifier of version 7 (RFC 9562), as the program gives them: events are told in the order of theirs.
IDENTIFIER = """
    CREATE FUNCTION chassis.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
        SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
            PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
            FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
    $$
"""
# Whoever chairs is forgotten when another one follows: where nobody does, the last one still has a record to finish.
KEEP = """
    CREATE FUNCTION chassis.keep_visibility(
        whose text, owner text, is_restricted boolean, chair text, event text
    ) RETURNS void LANGUAGE sql AS $$
        INSERT INTO chassis.child_visibility AS known (person_id, source, restricted, chair_id, version, told_as)
        VALUES (whose, owner, is_restricted, chair, 1, event)
        ON CONFLICT (person_id, source) DO UPDATE
        SET restricted = excluded.restricted, chair_id = coalesce(excluded.chair_id, known.chair_id),
            version = known.version + 1
        WHERE (known.restricted, known.chair_id) IS DISTINCT FROM
            (excluded.restricted, coalesce(excluded.chair_id, known.chair_id))
    $$
"""
# Who chairs is told once it matters: as soon as anybody says that the child is restricted.
TELL = """
    CREATE FUNCTION chassis.tell_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.restricted OR (TG_OP = 'UPDATE' AND OLD.restricted) OR EXISTS (
            SELECT FROM chassis.child_visibility WHERE person_id = NEW.person_id AND restricted
        ) THEN
            INSERT INTO chassis.outgoing (id, type, subject, at, data)
            SELECT chassis.new_id(), told_as, person_id, now(), jsonb_build_object(
                'person_id', person_id, 'restricted', restricted, 'chair_id', chair_id, 'version', version)
            FROM chassis.child_visibility WHERE person_id = NEW.person_id AND told_as IS NOT NULL;
        END IF;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    """Create the table, what keeps it, and what tells of it."""
    op.create_table(
        "child_visibility",
        sa.Column("person_id", sa.String(), primary_key=True),
        sa.Column("source", sa.String(), primary_key=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("chair_id", sa.String()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told_as", sa.String()),
        schema="chassis",
    )
    for function in (IDENTIFIER, KEEP, TELL):
        op.execute(function)
    op.execute(
        """
        CREATE TRIGGER visibility_is_told AFTER INSERT OR UPDATE ON chassis.child_visibility
        FOR EACH ROW EXECUTE FUNCTION chassis.tell_visibility()
        """
    )
