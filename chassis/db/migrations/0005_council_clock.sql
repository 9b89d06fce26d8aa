-- The council's present moment, the same throughout a transaction: in development a connection may say how far it is from
-- the server's.
CREATE FUNCTION chassis.council_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT now() + coalesce(nullif(current_setting('chassis.clock_offset', true), ''), '0')::interval
$$;

CREATE OR REPLACE FUNCTION chassis.tell_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.restricted OR (TG_OP = 'UPDATE' AND OLD.restricted) OR EXISTS (
        SELECT FROM chassis.child_visibility WHERE person_id = NEW.person_id AND restricted
    ) THEN
        INSERT INTO chassis.outgoing (id, type, subject, at, data)
        SELECT chassis.new_id(), told_as, person_id, chassis.council_now(), jsonb_build_object(
            'person_id', person_id, 'restricted', restricted, 'chair_id', chair_id, 'version', version)
        FROM chassis.child_visibility WHERE person_id = NEW.person_id AND told_as IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
