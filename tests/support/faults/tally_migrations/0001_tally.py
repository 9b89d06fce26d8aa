"""What the tally keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "counted",
        sa.Column("reference", sa.String(), primary_key=True),
        sa.Column("times", sa.Integer(), nullable=False),
    )
