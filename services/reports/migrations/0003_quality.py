"""What is recorded of the quality of the work: observations, development, audits, homes, visits and priorities."""

from chassis.db.migrating import run_sql_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    run_sql_beside(__file__)
