-- What the notifications service keeps.

-- The directory
-- -------------

CREATE TABLE area (
    id varchar PRIMARY KEY,
    name varchar NOT NULL,
    ends_on date,
    version integer NOT NULL
);

-- An organisation whose people come to meetings, or the council's own staff (`internal`).
CREATE TABLE agency (
    id varchar PRIMARY KEY,
    name varchar NOT NULL,
    roles text[] NOT NULL,
    internal boolean NOT NULL,
    ends_on date,
    version integer NOT NULL,
    CONSTRAINT roles CHECK (cardinality(roles) > 0)
);

-- Somebody who works with this system. They leave by a date.
CREATE TABLE colleague (
    id varchar PRIMARY KEY,
    name varchar NOT NULL,
    email varchar NOT NULL,
    positions text[] NOT NULL,
    team_manager_id varchar REFERENCES colleague,
    area_id varchar REFERENCES area,
    full_time_equivalent numeric(4, 2),
    starts_on date NOT NULL,
    ends_on date,
    version integer NOT NULL,
    CONSTRAINT positions CHECK (cardinality(positions) > 0),
    CONSTRAINT full_time_equivalent CHECK (full_time_equivalent > 0 AND full_time_equivalent <= 1),
    CONSTRAINT ends_on CHECK (ends_on >= starts_on)
);
CREATE INDEX colleague_positions_idx ON colleague USING gin (positions);

-- That a liaison officer covers an agency.
CREATE TABLE coverage (
    id uuid PRIMARY KEY,
    colleague_id varchar NOT NULL REFERENCES colleague,
    agency_id varchar REFERENCES agency,
    agency_role varchar,
    area_id varchar REFERENCES area,
    fallback boolean NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    version integer NOT NULL,
    CONSTRAINT agency CHECK (agency_id IS NOT NULL OR fallback),
    CONSTRAINT agency_role CHECK (agency_role IS NULL OR agency_id IS NOT NULL),
    CONSTRAINT ends_on CHECK (ends_on >= starts_on)
);
CREATE INDEX coverage_agency_id_idx ON coverage (agency_id);
CREATE INDEX coverage_colleague_id_idx ON coverage (colleague_id);

-- Messages
-- --------

-- An email to one person, or a letter to print for somebody without an address. What is about a restricted child is
-- hidden with everything else that is: `person_ids` are the children that the message is about, and null if it lists
-- many.
CREATE TABLE message (
    id uuid PRIMARY KEY,
    template varchar NOT NULL,
    recipient_id varchar NOT NULL,
    address varchar NOT NULL,
    subject varchar NOT NULL,
    html varchar NOT NULL,
    text varchar NOT NULL,
    schedule varchar,
    period varchar,
    answer_link jsonb,
    answer_url varchar,
    resent_from uuid,
    state varchar NOT NULL,
    queued_at timestamptz NOT NULL,
    due_at timestamptz,
    tries integer NOT NULL,
    attempts jsonb NOT NULL,
    sent_at timestamptz,
    delivered_at timestamptz,
    failed_at timestamptz,
    failure varchar,
    provider_reference varchar,
    printed_at timestamptz,
    printed_by varchar,
    person_ids text[],
    CONSTRAINT queued CHECK ((state = 'queued') = (due_at IS NOT NULL)),
    CONSTRAINT sent CHECK (state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL),
    CONSTRAINT answer_url CHECK (due_at IS NOT NULL OR answer_url IS NULL),
    CONSTRAINT state CHECK (state IN (
        'queued', 'sent', 'delivered', 'failed', 'bounced', 'suppressed', 'to_print', 'printed'
    )),
    CONSTRAINT printed CHECK ((state = 'printed') = (printed_at IS NOT NULL)),
    CONSTRAINT printed_by CHECK ((printed_at IS NULL) = (printed_by IS NULL))
);
CREATE INDEX message_due_at_idx ON message (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX message_recipient_id_idx ON message (recipient_id, id);
CREATE INDEX message_schedule_idx ON message (schedule, period, id);
CREATE INDEX message_state_idx ON message (state, id);

CREATE FUNCTION wake_mailer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('message', '');
    RETURN NULL;
END $$;
CREATE TRIGGER message_wakes_mailer AFTER INSERT ON message
    FOR EACH STATEMENT EXECUTE FUNCTION wake_mailer();

-- An address to which nothing is sent.
CREATE TABLE suppression (
    address varchar PRIMARY KEY,
    reason varchar NOT NULL,
    since timestamptz NOT NULL,
    by varchar NOT NULL
);

-- An endpoint outside this system that receives events; its deliveries name it by its identifier. No types are all.
CREATE TABLE webhook_endpoint (
    id uuid PRIMARY KEY,
    url varchar NOT NULL,
    description varchar NOT NULL,
    event_types text[] NOT NULL,
    secret varchar NOT NULL,
    earlier_secret varchar,
    earlier_secret_until timestamptz,
    created_at timestamptz NOT NULL,
    created_by varchar NOT NULL,
    disabled_at timestamptz,
    disabled_because varchar,
    version integer NOT NULL
);
