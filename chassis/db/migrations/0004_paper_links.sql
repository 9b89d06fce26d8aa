CREATE TABLE chassis.paper_link (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    paper varchar NOT NULL,
    name varchar NOT NULL,
    role varchar NOT NULL,
    email varchar NOT NULL,
    sent_by varchar NOT NULL,
    sent_at timestamptz NOT NULL,
    expires_on date NOT NULL,
    revoked_at timestamptz,
    person_ids text[] NOT NULL,
    agency_id varchar,
    for_restricted boolean NOT NULL,
    token_hash bytea
);
CREATE UNIQUE INDEX paper_link_token_hash_key ON chassis.paper_link (token_hash);
CREATE INDEX paper_link_reference_idx ON chassis.paper_link (reference);
CREATE TABLE chassis.paper_opening (
    id uuid PRIMARY KEY,
    link_id uuid NOT NULL,
    at timestamptz NOT NULL,
    form varchar NOT NULL
);
CREATE INDEX paper_opening_link_id_idx ON chassis.paper_opening (link_id);
