"""A trigger function for tables that count their changes in a version: a change that is not counted is refused."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the function; services put it on their tables."""
    op.execute(
        """
        CREATE FUNCTION chassis.refuse_uncounted_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'A change of % is counted in its version.', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END $$
        """
    )
