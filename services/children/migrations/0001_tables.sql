-- What the children service keeps.

-- A child, born or expected. A child whom the case-management system has not sent yet, `sent_at`, is known by an import.
CREATE TABLE child (
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
    registered_on date NOT NULL,
    sent_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT born_or_expected CHECK (born_on IS NOT NULL OR expected_on IS NOT NULL)
);
CREATE INDEX child_area_id_idx ON child (area_id, person_id);
CREATE INDEX child_team_idx ON child (team, person_id);
CREATE INDEX child_social_worker_id_idx ON child (social_worker_id, person_id);
CREATE INDEX child_supervisor_id_idx ON child (supervisor_id, person_id);
CREATE INDEX child_manager_id_idx ON child (manager_id, person_id);
CREATE INDEX child_family_id_idx ON child (family_id, person_id);
CREATE INDEX child_merged_into_idx ON child (merged_into) WHERE merged_into IS NOT NULL;

-- Whether a child is restricted. Every service hears it with the child, so nobody tells it on.
CREATE FUNCTION follow_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chassis.keep_visibility(NEW.person_id, 'children', NEW.restricted, NULL, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER visibility_follows AFTER INSERT OR UPDATE OF restricted ON child
    FOR EACH ROW EXECUTE FUNCTION follow_visibility();

-- A merge of two numbers of one child. What each service moved it keeps itself, by the merge's identifier.
CREATE TABLE person_merge (
    id uuid PRIMARY KEY,
    from_person_id varchar NOT NULL,
    into_person_id varchar NOT NULL,
    merged_at timestamptz NOT NULL,
    merged_by varchar NOT NULL,
    reason varchar NOT NULL,
    undone_at timestamptz,
    undone_by varchar
);
CREATE INDEX person_merge_into_person_id_idx ON person_merge (into_person_id, id);

-- What a service says of a child in a field that has another value here. It stays until somebody settles it.
CREATE TABLE child_conflict (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES child,
    field varchar NOT NULL,
    source varchar NOT NULL,
    kept varchar NOT NULL,
    found varchar NOT NULL,
    found_at timestamptz NOT NULL,
    settled_at timestamptz,
    settled_by varchar
);
CREATE INDEX child_conflict_person_id_idx ON child_conflict (person_id, id);
CREATE INDEX child_conflict_open_idx ON child_conflict (id) WHERE settled_at IS NULL;
