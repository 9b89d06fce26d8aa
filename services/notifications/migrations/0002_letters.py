"""Letters to print, for those who have no address."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

STATES = ("queued", "sent", "delivered", "failed", "bounced", "suppressed")


def upgrade() -> None:
    """Add when and by whom a letter was printed, and the states of letters."""
    op.add_column("message", sa.Column("printed_at", sa.DateTime(timezone=True)))
    op.add_column("message", sa.Column("printed_by", sa.String()))
    op.drop_constraint("state", "message")
    states = ", ".join(f"'{one}'" for one in (*STATES, "to_print", "printed"))
    op.create_check_constraint("state", "message", f"state IN ({states})")
    op.create_check_constraint("printed", "message", "(state = 'printed') = (printed_at IS NOT NULL)")
    op.create_check_constraint("printed_by", "message", "(printed_at IS NULL) = (printed_by IS NULL)")
