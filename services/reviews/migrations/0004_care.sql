-- What was known here of who children are, until the children service says it. A disability had no code.
INSERT INTO chassis.child (
    person_id, given_name, family_name, born_on, disabilities, siblings, mother_person_id, communication_needs, email,
    area_id, team, social_worker, social_worker_id, manager_id, restricted, merged_into, version)
SELECT person_id, given_name, family_name, born_on, CASE WHEN disabled THEN '{DDA}' ELSE '{}' END::text[], siblings,
    mother_person_id, communication_needs, email, area_id, team, social_worker, social_worker_id, manager_id, restricted,
    merged_into, 0
FROM looked_after_child
ON CONFLICT DO NOTHING;

-- Who chairs for a child is told to `chassis.child_visibility`, for a number that was merged into theirs as well. Whether
-- the child is restricted the children service says; until it does, what was known here counts.
CREATE OR REPLACE FUNCTION follow_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chassis.keep_visibility(
        one.person_id, 'reviews', root.version = 0 AND root.restricted, present.chair_id,
        'looked_after_child.visibility_changed')
    FROM (
        WITH RECURSIVE up AS (
            SELECT child.* FROM chassis.child WHERE person_id = NEW.person_id
            UNION
            SELECT child.* FROM chassis.child JOIN up ON child.person_id = up.merged_into
        )
        SELECT person_id, restricted, version FROM up WHERE merged_into IS NULL
    ) root
    JOIN looked_after_child present ON present.person_id = root.person_id
    CROSS JOIN LATERAL (
        WITH RECURSIVE down (person_id) AS (
            SELECT root.person_id
            UNION
            SELECT child.person_id FROM chassis.child JOIN down ON child.merged_into = down.person_id
        )
        SELECT person_id FROM down
    ) one;
    RETURN NULL;
END $$;
DROP TRIGGER visibility_follows ON looked_after_child;
CREATE TRIGGER visibility_follows AFTER INSERT OR UPDATE OF chair_id ON looked_after_child
    FOR EACH ROW EXECUTE FUNCTION follow_visibility();
CREATE TRIGGER chair_follows AFTER UPDATE OF merged_into, version ON chassis.child
    FOR EACH ROW WHEN (OLD.merged_into IS DISTINCT FROM NEW.merged_into OR OLD.version = 0)
    EXECUTE FUNCTION follow_visibility();

-- The indexes of what goes, go with it.
ALTER TABLE looked_after_child
    DROP COLUMN given_name,
    DROP COLUMN family_name,
    DROP COLUMN born_on,
    DROP COLUMN area_id,
    DROP COLUMN team,
    DROP COLUMN social_worker,
    DROP COLUMN social_worker_id,
    DROP COLUMN manager_id,
    DROP COLUMN disabled,
    DROP COLUMN restricted,
    DROP COLUMN siblings,
    DROP COLUMN mother_person_id,
    DROP COLUMN communication_needs,
    DROP COLUMN email,
    DROP COLUMN merged_into;
CREATE INDEX looked_after_child_chair_id_idx ON looked_after_child (chair_id) WHERE looked_after_since IS NOT NULL;

-- Merges are made by the children service: only those from before have a reason here.
ALTER TABLE person_merge ALTER COLUMN reason DROP NOT NULL;
ALTER TABLE person_merge ADD COLUMN left_behind jsonb NOT NULL DEFAULT '[]';
ALTER TABLE person_merge ALTER COLUMN left_behind DROP DEFAULT;
