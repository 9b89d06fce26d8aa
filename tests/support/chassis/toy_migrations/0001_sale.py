"""What the toy services keep."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "sale", sa.Column("number", sa.String(), primary_key=True), sa.Column("times", sa.Integer(), nullable=False)
    )
