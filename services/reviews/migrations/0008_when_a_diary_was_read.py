"""The last day on which an address of a diary was used, so that its owner knows one that leaked."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("diary_feed", sa.Column("last_used_on", sa.Date()))
