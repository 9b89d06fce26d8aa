"""Meetings have a link by which people join, and invitations what the agency calls the case."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("conference", sa.Column("join_link", sa.String))
    op.add_column("invitation", sa.Column("agency_reference", sa.String))
