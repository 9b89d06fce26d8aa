ALTER TABLE message ADD letter jsonb, ADD print_run_id uuid;
CREATE INDEX message_print_run_id_idx ON message (print_run_id) WHERE print_run_id IS NOT NULL;

CREATE TABLE photograph (
    colleague_id varchar PRIMARY KEY REFERENCES colleague,
    media_type varchar NOT NULL,
    content bytea NOT NULL
);
