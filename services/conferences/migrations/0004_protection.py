"""Who a child is moves to the replica; what conferences alone know of a child stays, as `protection`."""

from chassis.db.migrating import run_sql_beside

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    run_sql_beside(__file__)
