"""The numbers of a message, which the next one of its schedule shows beside its own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Let messages keep their numbers; earlier ones have none."""
    op.add_column("message", sa.Column("counts", JSONB))
