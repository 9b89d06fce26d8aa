"""Refusals are audited with the address they came from, and no secret stays readable among idempotent answers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add where a refused request came from, and forget the answers that showed a webhook's secret."""
    op.add_column("audit_entry", sa.Column("address", sa.String()), schema="chassis")
    op.execute("""DELETE FROM chassis.idempotent_answer WHERE body LIKE '%"secret":%'""")
