-- What is recorded of the quality of the work. A record that was voided is kept, and shown no more.

CREATE TABLE observation (
    id uuid PRIMARY KEY,
    chair_id varchar NOT NULL,
    observed_on date NOT NULL,
    observer_id varchar NOT NULL,
    meeting_reference varchar,
    grade varchar NOT NULL,
    findings varchar NOT NULL,
    agreed_actions varchar,
    recorded_by varchar NOT NULL,
    version integer NOT NULL,
    voided_on date,
    voided_by varchar,
    voided_because varchar
);
CREATE INDEX observation_observed_on_idx ON observation (observed_on DESC, id DESC);

CREATE TABLE development (
    id uuid PRIMARY KEY,
    colleague_id varchar NOT NULL,
    kind varchar NOT NULL,
    held_on date NOT NULL,
    subject varchar NOT NULL,
    days double precision,
    recorded_by varchar NOT NULL,
    version integer NOT NULL,
    voided_on date,
    voided_by varchar,
    voided_because varchar
);
CREATE INDEX development_held_on_idx ON development (held_on DESC, id DESC);

CREATE TABLE case_audit (
    id uuid PRIMARY KEY,
    subject varchar NOT NULL,
    audited_on date NOT NULL,
    auditor_id varchar NOT NULL,
    records_audited integer NOT NULL,
    grade varchar,
    findings varchar NOT NULL,
    outcome varchar,
    outcome_due_on date,
    recorded_by varchar NOT NULL,
    version integer NOT NULL,
    voided_on date,
    voided_by varchar,
    voided_because varchar
);
CREATE INDEX case_audit_audited_on_idx ON case_audit (audited_on DESC, id DESC);

CREATE TABLE home (
    id varchar PRIMARY KEY,
    name varchar NOT NULL,
    kind varchar NOT NULL,
    opened_on date NOT NULL,
    closed_on date,
    version integer NOT NULL
);

CREATE TABLE home_visit (
    id uuid PRIMARY KEY,
    home_id varchar NOT NULL REFERENCES home (id),
    visited_on date NOT NULL,
    visitor varchar NOT NULL,
    reported_on date,
    actions varchar,
    actions_done_on date,
    recorded_by varchar NOT NULL,
    version integer NOT NULL,
    voided_on date,
    voided_by varchar,
    voided_because varchar
);
CREATE INDEX home_visit_visited_on_idx ON home_visit (visited_on DESC, id DESC);
CREATE INDEX home_visit_home_id_idx ON home_visit (home_id);

CREATE TABLE priority (
    id uuid PRIMARY KEY,
    year varchar NOT NULL,
    title varchar NOT NULL,
    owner_id varchar NOT NULL,
    state varchar NOT NULL,
    progress varchar,
    due_on date,
    recorded_by varchar NOT NULL,
    version integer NOT NULL,
    voided_on date,
    voided_by varchar,
    voided_because varchar
);
CREATE INDEX priority_year_idx ON priority (year DESC, id DESC);
