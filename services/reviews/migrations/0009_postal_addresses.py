"""A parent who is invited has a postal address, to which a letter goes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column."""
    op.add_column("invitation", sa.Column("address", sa.String))
