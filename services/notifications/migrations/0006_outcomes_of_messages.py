"""The provider's own time of what became of a message."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Let messages keep when it happened; what became of earlier ones is as it was taken in."""
    op.add_column("message", sa.Column("outcome_at", sa.DateTime(timezone=True)))
