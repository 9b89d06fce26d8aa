-- Who a child is belongs to the children service. What was known here is kept in the replica, as found here (version 0),
-- until that service says who the child is.
INSERT INTO chassis.child (
    person_id, given_name, family_name, born_on, expected_on, died_on, sex, ethnicity, disabilities, upn, upn_unknown,
    family_id, siblings, school, gp_practice, area_id, team, social_worker, social_worker_id, supervisor_id, manager_id,
    restricted, version)
SELECT
    person_id, given_name, family_name, born_on, expected_on, died_on, sex, ethnicity, disabilities, upn, upn_unknown,
    family_id, '{}', school, gp_practice, area_id, team, social_worker, social_worker_id, supervisor_id, manager_id,
    restricted, 0
FROM child
ON CONFLICT DO NOTHING;

-- Who chairs is told from here; whether a child is restricted, the children service says.
DROP TRIGGER visibility_follows ON child;
CREATE OR REPLACE FUNCTION follow_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chassis.keep_visibility(NEW.person_id, 'conferences', false, NEW.chair_id, 'child.visibility_changed');
    RETURN NULL;
END $$;
UPDATE chassis.child_visibility SET restricted = false WHERE source = 'conferences' AND restricted;

-- What conferences know of a child; a row comes with the first that asks for a conference.
ALTER TABLE child RENAME TO protection;
ALTER INDEX child_pkey RENAME TO protection_pkey;
ALTER INDEX child_chair_id_idx RENAME TO protection_chair_id_idx;
ALTER INDEX child_plan_since_idx RENAME TO protection_plan_since_idx;
ALTER TABLE protection
    DROP COLUMN given_name,
    DROP COLUMN family_name,
    DROP COLUMN born_on,
    DROP COLUMN expected_on,
    DROP COLUMN died_on,
    DROP COLUMN sex,
    DROP COLUMN ethnicity,
    DROP COLUMN disabilities,
    DROP COLUMN upn,
    DROP COLUMN upn_unknown,
    DROP COLUMN family_id,
    DROP COLUMN school,
    DROP COLUMN gp_practice,
    DROP COLUMN area_id,
    DROP COLUMN team,
    DROP COLUMN social_worker,
    DROP COLUMN social_worker_id,
    DROP COLUMN supervisor_id,
    DROP COLUMN manager_id,
    DROP COLUMN restricted;
CREATE TRIGGER visibility_follows AFTER INSERT OR UPDATE OF chair_id ON protection
    FOR EACH ROW EXECUTE FUNCTION follow_visibility();

-- What a merge of two numbers of one child moved, so that it happens once and can be undone.
CREATE TABLE moved_by_merge (
    merge_id uuid PRIMARY KEY,
    moved jsonb NOT NULL,
    chair_id varchar,
    into_chair_id varchar,
    undone boolean NOT NULL
);
