-- Who is known as the chair together with the plan, as in an import, has chaired since it began, as far as anybody knows.
-- Whoever came and went in one transaction, as in the import of a plan that has ended, never chaired.
CREATE OR REPLACE FUNCTION keep_chair() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    present timestamptz := chassis.council_now();
    day date := (present AT TIME ZONE 'Europe/London')::date;
    with_the_plan boolean := OLD.chair_id IS NULL AND OLD.plan_since IS DISTINCT FROM NEW.plan_since;
    since date := CASE WHEN with_the_plan THEN least(day, NEW.plan_since) ELSE day END;
BEGIN
    DELETE FROM allocation WHERE person_id = NEW.person_id AND ends_on IS NULL
        AND chair_id IS DISTINCT FROM NEW.chair_id AND allocated_at = present;
    UPDATE allocation SET ends_on = greatest(starts_on, day - 1)
        WHERE person_id = NEW.person_id AND ends_on IS NULL AND chair_id IS DISTINCT FROM NEW.chair_id;
    INSERT INTO allocation (id, person_id, chair_id, starts_on, allocated_at)
        SELECT chassis.new_id(), NEW.person_id, NEW.chair_id, since, present
        WHERE NEW.chair_id IS NOT NULL
        ON CONFLICT (person_id) WHERE ends_on IS NULL DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tell_protection_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chassis.outgoing (id, type, subject, at, data) VALUES (
        chassis.new_id(), 'child.protection_plan_changed', NEW.person_id, chassis.council_now(), jsonb_build_object(
            'person_id', NEW.person_id, 'protection_plan_since', NEW.plan_since, 'version', NEW.version));
    RETURN NULL;
END $$;
