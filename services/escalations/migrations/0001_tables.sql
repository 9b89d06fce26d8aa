-- What the escalations service keeps.

-- Formal escalations, and their answers
-- -------------------------------------

-- An escalation; `person_ids` are all that is kept of children. Of a conference's proposal only one is raised.
CREATE TABLE escalation (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    kind varchar NOT NULL,
    state varchar NOT NULL,
    theme varchar,
    reason varchar,
    person_ids text[] NOT NULL,
    meeting_reference varchar,
    meeting_on date,
    raised_on date NOT NULL,
    raised_by varchar NOT NULL,
    owner_id varchar NOT NULL,
    agency_id varchar NOT NULL,
    agency_role varchar NOT NULL,
    professional_name varchar,
    professional_team varchar,
    area_id varchar NOT NULL,
    stage integer NOT NULL,
    stage_due_on date NOT NULL,
    due_on date NOT NULL,
    answer varchar,
    first_answered_on date,
    cafcass_referred_on date,
    legal_advice_requested_on date,
    closed_on date,
    closed_by varchar,
    resolution varchar,
    withdrawn_because varchar,
    challenge_reference varchar,
    version integer NOT NULL,
    proposal_id uuid,
    CONSTRAINT kind CHECK (kind IN ('care_planning', 'conference_contribution')),
    CONSTRAINT state CHECK (state IN ('open', 'answered', 'resolved', 'withdrawn')),
    CONSTRAINT theme CHECK ((kind = 'care_planning') = (theme IS NOT NULL)),
    CONSTRAINT reason CHECK ((kind = 'conference_contribution') = (reason IS NOT NULL)),
    CONSTRAINT closed CHECK ((closed_on IS NULL) = (state IN ('open', 'answered'))),
    CONSTRAINT closed_by CHECK ((closed_on IS NULL) = (closed_by IS NULL)),
    CONSTRAINT answered CHECK ((answer IS NULL) = (first_answered_on IS NULL)),
    CONSTRAINT answered_state CHECK (state <> 'answered' OR answer IS NOT NULL),
    CONSTRAINT person_ids CHECK (cardinality(person_ids) > 0)
);
CREATE UNIQUE INDEX escalation_reference_key ON escalation (reference);
CREATE INDEX escalation_raised_on_id_idx ON escalation (raised_on, id);
CREATE INDEX escalation_owner_id_idx ON escalation (owner_id, raised_on, id);
CREATE INDEX escalation_agency_id_idx ON escalation (agency_id, raised_on, id);
CREATE INDEX escalation_area_id_idx ON escalation (area_id, raised_on, id);
CREATE INDEX escalation_state_idx ON escalation (state, raised_on, id);
CREATE INDEX escalation_open_idx ON escalation (due_on) WHERE closed_on IS NULL;
CREATE INDEX escalation_meeting_reference_idx ON escalation (meeting_reference);
CREATE INDEX escalation_reference_text_idx ON escalation (reference text_pattern_ops);
CREATE UNIQUE INDEX escalation_proposal_id_key ON escalation (proposal_id) WHERE proposal_id IS NOT NULL;
-- Every change counts in the version, by which `If-Match` knows what somebody has seen.
CREATE TRIGGER escalation_changes_are_counted BEFORE UPDATE ON escalation FOR EACH ROW
    WHEN (OLD.version = NEW.version AND OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION chassis.refuse_uncounted_change();

-- A secret address under which an officer answers their escalations of one quarter; the token itself is not kept.
CREATE TABLE answer_link (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL,
    colleague_id varchar NOT NULL,
    period varchar NOT NULL,
    "references" text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_on date NOT NULL,
    superseded_at timestamptz,
    revoked_at timestamptz,
    revoked_by varchar,
    CONSTRAINT revoked CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX answer_link_token_hash_key ON answer_link (token_hash);
CREATE INDEX answer_link_colleague_id_idx ON answer_link (colleague_id, period);

-- An answer to one or many escalations at once; a later one replaces an earlier one.
CREATE TABLE answer (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    answered_on date NOT NULL,
    answered_by varchar NOT NULL,
    on_behalf_of varchar,
    answer_link_id uuid REFERENCES answer_link,
    choice varchar NOT NULL,
    expected_on date,
    note varchar,
    "references" text[] NOT NULL,
    CONSTRAINT expected CHECK ((choice = 'still_looking') = (expected_on IS NOT NULL))
);
CREATE INDEX answer_references_idx ON answer USING gin ("references");
CREATE INDEX answer_answer_link_id_idx ON answer (answer_link_id);

-- One thing that was done with an escalation. Answers are never deleted, so `answer_id` has no index.
CREATE TABLE escalation_move (
    id uuid PRIMARY KEY,
    escalation_id uuid NOT NULL REFERENCES escalation,
    at timestamptz NOT NULL,
    actor varchar NOT NULL,
    owner_id varchar NOT NULL,
    move varchar NOT NULL,
    state varchar NOT NULL,
    stage integer NOT NULL,
    note varchar,
    answer_id uuid REFERENCES answer
);
CREATE INDEX escalation_move_escalation_id_idx ON escalation_move (escalation_id, id);

-- Informal steps
-- --------------

-- A positive challenge: the informal step before an escalation; some come from a meeting.
CREATE TABLE challenge (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    state varchar NOT NULL,
    theme varchar NOT NULL,
    person_ids text[] NOT NULL,
    about varchar NOT NULL,
    team varchar,
    area_id varchar NOT NULL,
    raised_on date NOT NULL,
    raised_by varchar NOT NULL,
    owner_id varchar NOT NULL,
    outcome varchar,
    closed_on date,
    escalation_reference varchar,
    version integer NOT NULL,
    meeting_reference varchar,
    CONSTRAINT state CHECK (state IN ('open', 'resolved', 'raised_formally')),
    CONSTRAINT closed CHECK ((closed_on IS NULL) = (state = 'open')),
    CONSTRAINT formally CHECK ((escalation_reference IS NULL) = (state <> 'raised_formally'))
);
CREATE UNIQUE INDEX challenge_reference_key ON challenge (reference);
CREATE INDEX challenge_raised_on_id_idx ON challenge (raised_on, id);
CREATE INDEX challenge_meeting_reference_idx ON challenge (meeting_reference);

-- Good practice that was fed back to the worker, with a copy to the manager.
CREATE TABLE good_practice (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    person_ids text[] NOT NULL,
    worker_name varchar NOT NULL,
    team varchar NOT NULL,
    area_id varchar NOT NULL,
    practice varchar NOT NULL,
    noted_on date NOT NULL,
    noted_by varchar NOT NULL,
    fed_back_on date,
    manager_copied_on date,
    version integer NOT NULL
);
CREATE UNIQUE INDEX good_practice_reference_key ON good_practice (reference);
CREATE INDEX good_practice_noted_on_id_idx ON good_practice (noted_on, id);
