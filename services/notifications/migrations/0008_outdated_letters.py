"""A letter can be outdated: nobody printed it while it was true."""

from alembic import op

revision = "0008"
down_revision = "0007"
STATES = ("queued", "sent", "delivered", "failed", "bounced", "suppressed", "to_print", "printed", "outdated")


def upgrade() -> None:
    """Let a message have the state."""
    op.drop_constraint("state", "message")
    op.create_check_constraint("state", "message", f"state IN {STATES}")
