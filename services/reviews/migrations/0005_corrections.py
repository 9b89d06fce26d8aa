"""What was set right after a review was held, with what it said before."""

import sqlalchemy as sa
from alembic import op

from chassis.db.migration_columns import MOMENT, RECORDS, identifier, required

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "correction",
        identifier(),
        *required(sa.String(), "reference"),
        *required(MOMENT, "corrected_at"),
        *required(sa.String(), "corrected_by", "because"),
        *required(RECORDS, "changes"),
    )
    op.create_index("correction_reference_idx", "correction", ["reference", "id"])
