-- What the chassis keeps in every service's database, in a schema of its own. The audit's months are in another schema,
-- which the service cannot reach.

-- The audit
-- ---------

-- The audit is partitioned by the month of `at`, so that old months can go as a whole.
CREATE TABLE chassis.audit_entry (
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    caller varchar NOT NULL,
    roles text[] NOT NULL,
    action varchar NOT NULL,
    person_ids text[] NOT NULL,
    record varchar NOT NULL,
    why varchar,
    request_id varchar,
    address varchar,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_entry_caller_at_idx ON chassis.audit_entry (caller, at);
-- What is written is in the index at once, so that nobody who reads has to look through what waits to be.
CREATE INDEX audit_entry_person_ids_idx ON chassis.audit_entry USING gin (person_ids) WITH (fastupdate = off);

CREATE SCHEMA audit;
CREATE TABLE audit.entry_default PARTITION OF chassis.audit_entry DEFAULT;

-- The audit refuses to be altered even by its owner's slip.
CREATE FUNCTION chassis.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON chassis.audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION chassis.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry_default
    FOR EACH STATEMENT EXECUTE FUNCTION chassis.refuse_change();

-- The service owns no table, so this function makes partitions for it. ATTACH, unlike PARTITION OF, holds up nobody who
-- writes. Entries of a month that came before its partition stay where they are.
CREATE FUNCTION chassis.make_audit_partitions(moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC' AS $$
DECLARE
    month timestamptz;
    partition text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('make_audit_partitions'));
    FOR month IN SELECT date_trunc('month', moment) + n * INTERVAL '1 month' FROM generate_series(0, 3) n LOOP
        partition := 'entry_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass('audit.' || partition) IS NOT NULL;
        BEGIN
            EXECUTE format('CREATE TABLE audit.%I (LIKE chassis.audit_entry INCLUDING ALL)', partition);
            EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.%I
                FOR EACH STATEMENT EXECUTE FUNCTION chassis.refuse_change()', partition);
            EXECUTE format('ALTER TABLE chassis.audit_entry ATTACH PARTITION audit.%I FOR VALUES FROM (%L) TO (%L)',
                partition, month, month + INTERVAL '1 month');
        EXCEPTION WHEN check_violation OR invalid_object_definition THEN
            RAISE LOG 'Another partition of the audit has entries of %.', partition;
        END;
    END LOOP;
END $$;
SELECT chassis.make_audit_partitions(now());

-- Events told and heard
-- ---------------------

-- An event, written down in the transaction that made it true.
CREATE TABLE chassis.outgoing (
    id uuid PRIMARY KEY,
    type varchar NOT NULL,
    subject varchar NOT NULL,
    at timestamptz NOT NULL,
    data jsonb NOT NULL,
    request_id varchar,
    addressed_at timestamptz,
    -- Who published an event that this service passes on; null where it is this service's own.
    source varchar
);
CREATE INDEX outgoing_unaddressed_idx ON chassis.outgoing (id) WHERE addressed_at IS NULL;
CREATE INDEX outgoing_at_idx ON chassis.outgoing (at);

-- A new event wakes the relay when its transaction commits.
CREATE FUNCTION chassis.wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outgoing', '');
    RETURN NULL;
END $$;
CREATE TRIGGER outgoing_wakes_relay AFTER INSERT ON chassis.outgoing
    FOR EACH STATEMENT EXECUTE FUNCTION chassis.wake_relay();

-- An identifier of version 7 (RFC 9562), as the program gives them: events are told in the order of theirs.
CREATE FUNCTION chassis.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- An event on its way to one subscriber: it waits, was delivered, or was parked. It goes with its event.
CREATE TABLE chassis.delivery (
    event_id uuid NOT NULL REFERENCES chassis.outgoing ON DELETE CASCADE,
    subscriber varchar NOT NULL,
    due_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    attempts jsonb NOT NULL DEFAULT '[]',
    delivered_at timestamptz,
    parked_at timestamptz,
    PRIMARY KEY (event_id, subscriber),
    CONSTRAINT waiting_delivered_or_parked CHECK (num_nonnulls(due_at, delivered_at, parked_at) = 1)
);
CREATE INDEX delivery_due_idx ON chassis.delivery (subscriber, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX delivery_parked_idx ON chassis.delivery (subscriber, event_id) WHERE parked_at IS NOT NULL;

-- An event that was heard, so that it is heard once.
CREATE TABLE chassis.received (
    source varchar NOT NULL,
    event_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (source, event_id)
);
CREATE INDEX received_at_idx ON chassis.received (at);

-- An entry that another service owns, as it published it.
CREATE TABLE chassis.copy (
    kind varchar NOT NULL,
    id varchar NOT NULL,
    ends_on date,
    version integer NOT NULL,
    attributes jsonb NOT NULL,
    PRIMARY KEY (kind, id)
);

-- Restricted children
-- -------------------

-- Which children are restricted, and who chairs for them, as each service that owns children says. Such a service puts
-- a trigger on its own table that calls `chassis.keep_visibility`.
CREATE TABLE chassis.child_visibility (
    person_id varchar NOT NULL,
    source varchar NOT NULL,
    restricted boolean NOT NULL,
    chair_id varchar,
    version integer NOT NULL,
    told_as varchar,
    PRIMARY KEY (person_id, source)
);

-- Whoever chairs is forgotten when another one follows: where nobody does, the last one still has a record to finish.
CREATE FUNCTION chassis.keep_visibility(
    whose text, owner text, is_restricted boolean, chair text, event text
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO chassis.child_visibility AS known (person_id, source, restricted, chair_id, version, told_as)
    VALUES (whose, owner, is_restricted, chair, 1, event)
    ON CONFLICT (person_id, source) DO UPDATE
    SET restricted = excluded.restricted, chair_id = coalesce(excluded.chair_id, known.chair_id),
        version = known.version + 1
    WHERE (known.restricted, known.chair_id) IS DISTINCT FROM
        (excluded.restricted, coalesce(excluded.chair_id, known.chair_id))
$$;

-- What concerns a restricted child is told to the other services in the transaction in which it changed. Who chairs is
-- told once it matters: as soon as anybody says that the child is restricted.
CREATE FUNCTION chassis.tell_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.restricted OR (TG_OP = 'UPDATE' AND OLD.restricted) OR EXISTS (
        SELECT FROM chassis.child_visibility WHERE person_id = NEW.person_id AND restricted
    ) THEN
        INSERT INTO chassis.outgoing (id, type, subject, at, data)
        SELECT chassis.new_id(), told_as, person_id, now(), jsonb_build_object(
            'person_id', person_id, 'restricted', restricted, 'chair_id', chair_id, 'version', version)
        FROM chassis.child_visibility WHERE person_id = NEW.person_id AND told_as IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER visibility_is_told AFTER INSERT OR UPDATE ON chassis.child_visibility
    FOR EACH ROW EXECUTE FUNCTION chassis.tell_visibility();

-- Requests and records
-- --------------------

-- The answer that was given to a request, for when it is sent again.
CREATE TABLE chassis.idempotent_answer (
    caller varchar NOT NULL,
    key varchar NOT NULL,
    fingerprint bytea NOT NULL,
    at timestamptz NOT NULL,
    status integer,
    headers jsonb,
    body varchar,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotent_answer_at_idx ON chassis.idempotent_answer (at);

-- The last number that was given to a record.
CREATE TABLE chassis.reference_counter (
    prefix varchar NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (prefix, year)
);

-- For tables that count their changes in a version: a change that is not counted is refused. Services put it on theirs.
CREATE FUNCTION chassis.refuse_uncounted_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A change of % is counted in its version.', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

-- Jobs
-- ----

-- One occurrence of a job that somebody began.
CREATE TABLE chassis.schedule_run (
    job varchar NOT NULL,
    period varchar NOT NULL,
    due_at timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    leased_until timestamptz,
    finished_at timestamptz,
    attempts integer NOT NULL,
    caught_up boolean NOT NULL,
    outcome jsonb NOT NULL,
    PRIMARY KEY (job, period)
);

-- One recipient who was served for one period of a job: the database lets it exist once.
CREATE TABLE chassis.schedule_claim (
    job varchar NOT NULL,
    period varchar NOT NULL,
    recipient varchar NOT NULL,
    claimed_at timestamptz NOT NULL,
    PRIMARY KEY (job, period, recipient)
);
