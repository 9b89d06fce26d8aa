"""Conferences stand in a chair's calendar beside the reviews."""

import sqlalchemy as sa
from alembic import op

from chassis.db.migration_columns import optional, required

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "conference_in_diary",
        sa.Column("reference", sa.String(), primary_key=True),
        *required(sa.String(), "chair_id", "state"),
        *required(sa.Date(), "planned_on"),
        *optional(sa.Time(), "planned_time"),
        *optional(sa.String(), "mode"),
        *optional(sa.Integer(), "children"),
        *optional(sa.String(), "review_reference"),
        *required(sa.Integer(), "version"),
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled')", name="state"),
    )
    op.create_index("conference_in_diary_chair_id_idx", "conference_in_diary", ["chair_id", "planned_on"])
