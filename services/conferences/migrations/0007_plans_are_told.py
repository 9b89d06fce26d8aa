"""What is told of conferences' children: since when each is on a child protection plan, however that came about."""

from alembic import op

revision = "0007"
down_revision = "0006"

TELL = """
    CREATE FUNCTION tell_protection_plan() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO chassis.outgoing (id, type, subject, at, data) VALUES (
            chassis.new_id(), 'child.protection_plan_changed', NEW.person_id, now(), jsonb_build_object(
                'person_id', NEW.person_id, 'protection_plan_since', NEW.plan_since, 'version', NEW.version));
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    """Put the triggers on the table, and tell of every child who is on a plan now."""
    op.execute(TELL)
    op.execute(
        """
        CREATE TRIGGER first_plan_is_told AFTER INSERT ON child FOR EACH ROW
        WHEN (NEW.plan_since IS NOT NULL) EXECUTE FUNCTION tell_protection_plan()
        """
    )
    op.execute(
        """
        CREATE TRIGGER plan_is_told AFTER UPDATE OF plan_since ON child FOR EACH ROW
        WHEN (OLD.plan_since IS DISTINCT FROM NEW.plan_since) EXECUTE FUNCTION tell_protection_plan()
        """
    )
    op.execute(
        """
        INSERT INTO chassis.outgoing (id, type, subject, at, data)
        SELECT chassis.new_id(), 'child.protection_plan_changed', person_id, now(), jsonb_build_object(
            'person_id', person_id, 'protection_plan_since', plan_since, 'version', version)
        FROM child WHERE plan_since IS NOT NULL
        """
    )
