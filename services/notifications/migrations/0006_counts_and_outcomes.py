"""What messages keep: the numbers that the next one shows beside its own, and the provider's time of an outcome."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns; earlier messages have no numbers, and their outcome is as it was taken in."""
    op.add_column("message", sa.Column("counts", JSONB))
    op.add_column("message", sa.Column("outcome_at", sa.DateTime(timezone=True)))
