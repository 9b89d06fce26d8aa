"""Who chairs is kept by the council's clock, and since the plan where history is imported."""

from chassis.db.migrating import run_sql_beside

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    run_sql_beside(__file__)
