"""Meetings have a link by which people join."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("review", sa.Column("join_link", sa.String))
