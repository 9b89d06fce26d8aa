"""Invitations are listed by when people were invited."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the index of the list."""
    op.create_index("invitation_invited_on_idx", "invitation", ["invited_on", "id"])
