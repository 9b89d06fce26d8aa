"""What a plan's category was on a day is found by the index: figures of five years ask for many days."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Put the day into the index."""
    op.drop_index("child_conference_plan_id_idx")
    op.create_index("child_conference_plan_id_idx", "child_conference", ["plan_id", "held_on"])
