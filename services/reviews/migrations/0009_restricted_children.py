"""What is said of looked-after children to `chassis.child_visibility`: whether they are restricted, and who chairs."""

from alembic import op

revision = "0009"
down_revision = "0008"

# A number that was merged into another one is as restricted as that one is, and so is one merged into it.
FOLLOW = """
    CREATE FUNCTION follow_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM chassis.keep_visibility(
            one.person_id, 'reviews', present.restricted, present.chair_id, 'looked_after_child.visibility_changed')
        FROM (
            WITH RECURSIVE up (person_id, merged_into) AS (
                SELECT NEW.person_id, NEW.merged_into
                UNION
                SELECT child.person_id, child.merged_into
                FROM looked_after_child child JOIN up ON child.person_id = up.merged_into
            )
            SELECT person_id FROM up WHERE merged_into IS NULL
        ) root
        JOIN looked_after_child present ON present.person_id = root.person_id
        CROSS JOIN LATERAL (
            WITH RECURSIVE down (person_id) AS (
                SELECT root.person_id
                UNION
                SELECT child.person_id FROM looked_after_child child JOIN down ON child.merged_into = down.person_id
            )
            SELECT person_id FROM down
        ) one;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    """Put the trigger on the table, and say of every child what holds now: whoever is restricted is told to others."""
    op.create_index(
        "looked_after_child_merged_into_idx",
        "looked_after_child",
        ["merged_into"],
        postgresql_where="merged_into IS NOT NULL",
    )
    op.execute(FOLLOW)
    op.execute(
        """
        CREATE TRIGGER visibility_follows AFTER INSERT OR UPDATE OF restricted, chair_id, merged_into
        ON looked_after_child FOR EACH ROW EXECUTE FUNCTION follow_visibility()
        """
    )
    op.execute(
        """
        WITH RECURSIVE merged (person_id, present_id) AS (
            SELECT person_id, person_id FROM looked_after_child WHERE merged_into IS NULL
            UNION
            SELECT child.person_id, merged.present_id
            FROM looked_after_child child JOIN merged ON child.merged_into = merged.person_id
        )
        SELECT chassis.keep_visibility(merged.person_id, 'reviews', bool_or(anyone.restricted), min(present.chair_id),
            'looked_after_child.visibility_changed')
        FROM merged JOIN looked_after_child present ON present.person_id = merged.present_id
        JOIN merged other ON other.present_id = merged.present_id
        JOIN looked_after_child anyone ON anyone.person_id = other.person_id
        GROUP BY merged.person_id
        """
    )
    op.execute(
        """
        UPDATE looked_after_child child SET restricted = true, version = child.version + 1
        FROM chassis.child_visibility known
        WHERE known.person_id = child.person_id AND known.restricted AND NOT child.restricted
            AND child.merged_into IS NULL
        """
    )
