-- That somebody chairs a child's conferences, from a day to a day (inclusive, or still).
CREATE TABLE allocation (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES child,
    chair_id varchar NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    allocated_by varchar,
    allocated_at timestamptz NOT NULL,
    CONSTRAINT ends_on CHECK (ends_on >= starts_on)
);
CREATE INDEX allocation_person_id_idx ON allocation (person_id, starts_on);
CREATE UNIQUE INDEX allocation_open_key ON allocation (person_id) WHERE ends_on IS NULL;

-- It is kept from here, so that it is kept however the chair came about: by a conference that is planned, a plan that is
-- made or ends, an import, an allocation or a hand-over. Who allocated is said by whoever did.
CREATE FUNCTION keep_chair() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date := (now() AT TIME ZONE 'Europe/London')::date;
BEGIN
    UPDATE allocation SET ends_on = greatest(starts_on, day - 1)
        WHERE person_id = NEW.person_id AND ends_on IS NULL AND chair_id IS DISTINCT FROM NEW.chair_id;
    INSERT INTO allocation (id, person_id, chair_id, starts_on, allocated_at)
        SELECT chassis.new_id(), NEW.person_id, NEW.chair_id, day, now()
        WHERE NEW.chair_id IS NOT NULL
        ON CONFLICT (person_id) WHERE ends_on IS NULL DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER chair_is_kept AFTER INSERT OR UPDATE OF chair_id ON child
    FOR EACH ROW EXECUTE FUNCTION keep_chair();

INSERT INTO allocation (id, person_id, chair_id, starts_on, allocated_at)
    SELECT chassis.new_id(), person_id, chair_id, coalesce(plan_since, registered_on), now()
    FROM child WHERE chair_id IS NOT NULL;
