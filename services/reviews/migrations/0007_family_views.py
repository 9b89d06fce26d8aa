"""The record of a review says what parents and the family said."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column, empty for what was recorded before."""
    op.execute("ALTER TABLE child_review ADD family_views jsonb NOT NULL DEFAULT '[]'")
    op.execute("ALTER TABLE child_review ALTER family_views DROP DEFAULT")
