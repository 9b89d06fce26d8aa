-- Who a child is, as the children service owns it. A row of version 0 was found here, by an import: the children service
-- has not said anything of it yet.
CREATE TABLE chassis.child (
    person_id varchar PRIMARY KEY,
    given_name varchar,
    family_name varchar,
    born_on date,
    expected_on date,
    died_on date,
    sex varchar,
    ethnicity varchar,
    disabilities text[] NOT NULL,
    upn varchar,
    upn_unknown varchar,
    family_id varchar,
    siblings text[] NOT NULL,
    mother_person_id varchar,
    school varchar,
    gp_practice varchar,
    address varchar,
    communication_needs varchar,
    email varchar,
    area_id varchar NOT NULL,
    team varchar,
    social_worker varchar,
    social_worker_id varchar,
    supervisor_id varchar,
    manager_id varchar,
    restricted boolean NOT NULL,
    merged_into varchar,
    version integer NOT NULL
);
CREATE INDEX child_area_id_idx ON chassis.child (area_id, person_id);
CREATE INDEX child_team_idx ON chassis.child (team, person_id);
CREATE INDEX child_family_id_idx ON chassis.child (family_id, person_id);
CREATE INDEX child_mother_person_id_idx ON chassis.child (mother_person_id) WHERE mother_person_id IS NOT NULL;
CREATE INDEX child_merged_into_idx ON chassis.child (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX child_found_idx ON chassis.child (person_id) WHERE version = 0;

-- Whether a child is restricted. Every service hears it from the children service itself, so nobody tells it on.
CREATE FUNCTION chassis.follow_child() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chassis.keep_visibility(NEW.person_id, 'children', NEW.restricted, NULL, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER visibility_follows AFTER INSERT OR UPDATE OF restricted ON chassis.child
    FOR EACH ROW EXECUTE FUNCTION chassis.follow_child();
