"""Papers that people are given by links, and when they opened them."""

from chassis.db.migrating import run_sql_beside

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    run_sql_beside(__file__)
