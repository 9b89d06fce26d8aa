"""Who published an event that is passed on; outside subscribers have a table of their own elsewhere."""

from chassis.db.migrating import run_sql_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    run_sql_beside(__file__)
