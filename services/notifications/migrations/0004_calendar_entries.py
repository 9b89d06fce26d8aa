"""Messages carry a calendar entry, and colleagues have a telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("message", sa.Column("calendar", sa.String))
    op.add_column("colleague", sa.Column("telephone", sa.String))
