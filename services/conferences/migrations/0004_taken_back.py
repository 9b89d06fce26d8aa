"""What was written down by mistake and taken back, with what it said."""

import sqlalchemy as sa
from alembic import op

from chassis.db.migration_columns import MOMENT, RECORDS, TEXTS, identifier, required

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "taken_back",
        identifier(),
        *required(sa.String(), "kind"),
        *required(TEXTS, "person_ids"),
        *required(RECORDS, "said"),
        *required(MOMENT, "taken_back_at"),
        *required(sa.String(), "taken_back_by", "because"),
    )
    op.create_index("taken_back_person_ids_idx", "taken_back", ["person_ids"], postgresql_using="gin")
