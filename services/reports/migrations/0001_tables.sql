-- What the reports service keeps.

-- A report of a kind about a period. A new one about the same period supersedes the one that is published.
CREATE TABLE report (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    kind varchar NOT NULL,
    period varchar NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    chair_id varchar,
    state varchar NOT NULL,
    author_id varchar NOT NULL,
    reviewer_id varchar,
    returned_because varchar,
    drafted_at timestamptz NOT NULL,
    approved_at timestamptz,
    approved_by varchar,
    published_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT another_reviews CHECK (reviewer_id <> author_id)
);
CREATE UNIQUE INDEX report_reference_key ON report (reference);
CREATE INDEX report_last_day_idx ON report (last_day DESC, id DESC);
-- One of a kind is made at a time.
CREATE UNIQUE INDEX report_being_made_idx ON report (kind, period, coalesce(chair_id, ''))
    WHERE state IN ('draft', 'with_reviewer', 'approved');
