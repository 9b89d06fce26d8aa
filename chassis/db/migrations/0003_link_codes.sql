CREATE TABLE chassis.link_code (
    id uuid PRIMARY KEY,
    link_id uuid NOT NULL,
    browser uuid NOT NULL,
    email varchar NOT NULL,
    asked_at timestamptz NOT NULL,
    code_hash bytea,
    tries integer NOT NULL,
    used_at timestamptz
);
CREATE INDEX link_code_link_id_idx ON chassis.link_code (link_id, asked_at);
CREATE INDEX link_code_asked_at_idx ON chassis.link_code (asked_at);
