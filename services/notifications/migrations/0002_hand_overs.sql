-- Everything of a chair, handed over to another one.
CREATE TABLE hand_over (
    id uuid PRIMARY KEY,
    chair_id varchar NOT NULL,
    "to" varchar NOT NULL,
    reason varchar NOT NULL,
    starts_on date NOT NULL,
    handed_over_by varchar NOT NULL,
    handed_over_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT another_chair CHECK (chair_id <> "to")
);

-- What one service handed over, as it told; nothing before `finished_at`.
CREATE TABLE hand_over_part (
    hand_over_id uuid REFERENCES hand_over,
    about varchar,
    finished_at timestamptz,
    person_ids text[] NOT NULL,
    "references" text[] NOT NULL,
    refused jsonb NOT NULL,
    PRIMARY KEY (hand_over_id, about)
);
