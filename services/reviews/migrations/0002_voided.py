"""What was voided has one word, and why something was done has one: reason."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Rename the table of what was taken back and its columns, and `because` where it stands alone."""
    op.rename_table("taken_back", "voided")
    op.execute("ALTER INDEX taken_back_pkey RENAME TO voided_pkey")
    op.execute("ALTER INDEX taken_back_person_ids_idx RENAME TO voided_person_ids_idx")
    op.alter_column("voided", "taken_back_at", new_column_name="voided_at")
    op.alter_column("voided", "taken_back_by", new_column_name="voided_by")
    for table in ("voided", "correction", "person_merge"):
        op.alter_column(table, "because", new_column_name="reason")
