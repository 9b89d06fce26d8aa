"""What is said of conferences' children to `chassis.child_visibility`: whether they are restricted, and who chairs."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Put the trigger on the table, and say of every child what holds now: whoever is restricted is told to others."""
    op.execute(
        """
        CREATE FUNCTION follow_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM chassis.keep_visibility(
                NEW.person_id, 'conferences', NEW.restricted, NEW.chair_id, 'child.visibility_changed');
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER visibility_follows AFTER INSERT OR UPDATE OF restricted, chair_id
        ON child FOR EACH ROW EXECUTE FUNCTION follow_visibility()
        """
    )
    # Of a child whose plan has ended, whoever chaired last may have a record to finish.
    op.execute(
        """
        SELECT chassis.keep_visibility(child.person_id, 'conferences', child.restricted, coalesce(child.chair_id, (
            SELECT part.chair_id FROM child_conference part WHERE part.person_id = child.person_id
            ORDER BY part.held_on DESC NULLS LAST, part.id DESC LIMIT 1
        )), 'child.visibility_changed') FROM child
        """
    )
