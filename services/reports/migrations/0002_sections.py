"""Reports have words by section, and from their approval on the document with its figures as they were then."""

from chassis.db.migrating import run_sql_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    run_sql_beside(__file__)
