"""Numbers and copies of the directory are kept by the chassis; a positive challenge may come from a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Move the rows, drop the tables that held them, and add the column."""
    # Nobody takes a number or hears of a change between the copy and the drop.
    op.execute("LOCK TABLE reference_counter, directory_copy IN ACCESS EXCLUSIVE MODE")
    op.execute(
        "INSERT INTO chassis.reference_counter (prefix, year, last) SELECT prefix, year, last FROM reference_counter"
    )
    op.execute(
        """
        INSERT INTO chassis.copy (kind, id, ends_on, version, attributes)
        SELECT kind, id, ends_on, version,
            CASE WHEN kind = 'area' THEN '{}' ELSE jsonb_build_object('roles', roles) END
        FROM directory_copy
        """
    )
    op.drop_table("reference_counter")
    op.drop_table("directory_copy")
    op.add_column("challenge", sa.Column("meeting_reference", sa.String()))
    op.create_index("challenge_meeting_reference_idx", "challenge", ["meeting_reference"])
