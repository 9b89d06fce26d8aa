"""Every change of a row of this table counts in its version, by which `If-Match` knows what somebody has seen."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Put the trigger on the table."""
    op.execute(
        """
        CREATE TRIGGER escalation_changes_are_counted BEFORE UPDATE ON escalation FOR EACH ROW
        WHEN (OLD.version = NEW.version AND OLD IS DISTINCT FROM NEW)
        EXECUTE FUNCTION chassis.refuse_uncounted_change()
        """
    )
