"""What merges of two numbers of one child moved."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of merges, so that each is followed once and can be undone."""
    op.create_table(
        "moved_by_merge",
        sa.Column("merge_id", sa.Uuid, primary_key=True),
        sa.Column("moved", JSONB, nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
    )
