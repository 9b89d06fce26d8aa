"""An escalation may be raised from a conference's proposal, and only one from each."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column and its index."""
    op.add_column("escalation", sa.Column("proposal_id", sa.Uuid()))
    op.create_index(
        "escalation_proposal_id_key",
        "escalation",
        ["proposal_id"],
        unique=True,
        postgresql_where="proposal_id IS NOT NULL",
    )
