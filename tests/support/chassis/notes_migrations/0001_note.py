"""What the notes service keeps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "note",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("about", sa.String()),
        sa.Column("person_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
