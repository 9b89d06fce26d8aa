"""Officers can have a weekly list of the reports that are due."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("colleague", sa.Column("reports_due_weekly", sa.Boolean, nullable=False, server_default=sa.false()))
