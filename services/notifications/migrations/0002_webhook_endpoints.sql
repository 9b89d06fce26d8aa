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
