"""When a series of short breaks ended whose stays are periods of care of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column("looked_after_child", sa.Column("short_breaks_ended_on", sa.Date()))
