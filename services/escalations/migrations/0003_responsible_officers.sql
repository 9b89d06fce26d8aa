-- Who is responsible for an escalation, and answers that leave it unanswered: "still looking", "not our staff".
-- `officer_id` is the liaison officer whose pages show it; `ask_from` is the moment from which it must be asked again.
ALTER TABLE escalation
    ADD COLUMN officer_id varchar,
    ADD COLUMN waiting_until date,
    ADD COLUMN returned_on date,
    ADD COLUMN ask_from timestamptz,
    ADD CONSTRAINT waiting CHECK (waiting_until IS NULL OR (state = 'open' AND returned_on IS NULL)),
    ADD CONSTRAINT returned CHECK (returned_on IS NULL OR state = 'open');

ALTER TABLE answer ADD COLUMN answered_through varchar;

WITH asked AS (
    SELECT DISTINCT ON (reference) reference, colleague_id
    FROM answer_link, unnest("references") AS reference
    ORDER BY reference, created_at DESC
)
UPDATE escalation SET officer_id = asked.colleague_id, version = version + 1
FROM asked WHERE asked.reference = escalation.reference;

WITH latest AS (
    SELECT DISTINCT ON (reference) reference, choice, expected_on, answered_on, at
    FROM answer, unnest("references") AS reference
    ORDER BY reference, id DESC
)
UPDATE escalation SET
    state = 'open', answer = NULL, first_answered_on = NULL, version = version + 1,
    waiting_until = latest.expected_on,
    returned_on = CASE WHEN latest.choice = 'not_our_staff' THEN latest.answered_on END,
    ask_from = CASE WHEN latest.choice = 'still_looking' THEN (latest.expected_on + 1)::timestamp AT TIME ZONE 'Europe/London' END
FROM latest
WHERE latest.reference = escalation.reference AND escalation.state = 'answered'
    AND latest.choice IN ('still_looking', 'not_our_staff');

-- A link that an officer shares, for the escalations of one practice or team.
ALTER TABLE answer_link
    ADD COLUMN shared_from uuid REFERENCES answer_link,
    ADD COLUMN unit varchar,
    ADD CONSTRAINT shared CHECK ((shared_from IS NULL) = (unit IS NULL));
CREATE INDEX answer_link_shared_from_idx ON answer_link (shared_from) WHERE shared_from IS NOT NULL;
