"""The audit is kept by months, in a schema that the service cannot reach, so that old months can go as a whole."""

from alembic import op

revision = "0007"
down_revision = "0006"

# What was written before stays in one partition, named for its last month. Its new key is built while nobody writes.
MOVE = """
    DO $$
    DECLARE
        last_month timestamptz;
        partition text;
    BEGIN
        SELECT date_trunc('month', greatest(now(), max(at))) INTO last_month FROM chassis.audit_entry;
        partition := 'entry_' || to_char(last_month, 'YYYY_MM');
        ALTER TABLE chassis.audit_entry DROP CONSTRAINT audit_entry_pkey, ADD PRIMARY KEY (at, id);
        ALTER TABLE chassis.audit_entry SET SCHEMA audit;
        EXECUTE format('ALTER TABLE audit.audit_entry RENAME TO %I', partition);
        EXECUTE format('CREATE TABLE chassis.audit_entry (LIKE audit.%I INCLUDING ALL) PARTITION BY RANGE (at)',
            partition);
        EXECUTE format('ALTER TABLE chassis.audit_entry ATTACH PARTITION audit.%I FOR VALUES FROM (MINVALUE) TO (%L)',
            partition, last_month + INTERVAL '1 month');
    END $$
"""
# The service owns no table, so this function makes partitions for it. ATTACH, unlike PARTITION OF, holds up nobody who
# writes. Entries of a month that came before its partition stay where they are.
MAKE = """
    CREATE FUNCTION chassis.make_audit_partitions(moment timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC' AS $$
    DECLARE
        month timestamptz;
        partition text;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('make_audit_partitions'));
        FOR month IN SELECT date_trunc('month', moment) + n * INTERVAL '1 month' FROM generate_series(0, 3) n LOOP
            partition := 'entry_' || to_char(month, 'YYYY_MM');
            CONTINUE WHEN to_regclass('audit.' || partition) IS NOT NULL;
            BEGIN
                EXECUTE format('CREATE TABLE audit.%I (LIKE chassis.audit_entry INCLUDING ALL)', partition);
                EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.%I
                    FOR EACH STATEMENT EXECUTE FUNCTION chassis.refuse_change()', partition);
                EXECUTE format('ALTER TABLE chassis.audit_entry ATTACH PARTITION audit.%I FOR VALUES FROM (%L) TO (%L)',
                    partition, month, month + INTERVAL '1 month');
            EXCEPTION WHEN check_violation OR invalid_object_definition THEN
                RAISE LOG 'Another partition of the audit has entries of %.', partition;
            END;
        END LOOP;
    END $$
"""
APPEND_ONLY = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION chassis.refuse_change()
"""


def upgrade() -> None:
    """Make the table the first partition of a new one, and the partitions of the coming months."""
    op.execute("SET LOCAL timezone = 'UTC'")
    op.execute("CREATE SCHEMA audit")
    op.execute("DROP INDEX chassis.audit_entry_at_id_idx")
    # What is written is in the index at once, so that nobody who reads has to look through what waits to be.
    op.execute("ALTER INDEX chassis.audit_entry_person_ids_idx SET (fastupdate = off)")
    op.execute(MOVE)
    op.execute("CREATE TABLE audit.entry_default PARTITION OF chassis.audit_entry DEFAULT")
    for table in ("chassis.audit_entry", "audit.entry_default"):
        op.execute(APPEND_ONLY.format(table=table))
    op.execute(MAKE)
    op.execute("SELECT chassis.make_audit_partitions(now())")
