"""Whom a message is about: what is about a restricted child is hidden with everything else that is."""

import sqlalchemy as sa
from alembic import op

from chassis.db.migration_columns import TEXTS

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the children; null where a message lists many, or is from before this was kept."""
    op.add_column("message", sa.Column("person_ids", TEXTS))
    op.execute(
        """
        UPDATE message SET person_ids = CASE template WHEN 'consultation' THEN ARRAY[recipient_id] ELSE '{}'::text[] END
        WHERE template IN ('consultation', 'annual_figures', 'conference_figures', 'handover', 'conferences_handover')
        """
    )
