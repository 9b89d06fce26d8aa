-- What the reviews service keeps.

-- Children, and what is owed for them
-- -----------------------------------

-- A child as the case-management system holds them, with their situation now.
CREATE TABLE looked_after_child (
    person_id varchar PRIMARY KEY,
    given_name varchar,
    family_name varchar,
    born_on date NOT NULL,
    area_id varchar NOT NULL,
    team varchar,
    social_worker varchar,
    social_worker_id varchar,
    manager_id varchar,
    disabled boolean NOT NULL,
    unaccompanied boolean NOT NULL,
    restricted boolean NOT NULL,
    siblings text[] NOT NULL,
    mother_person_id varchar,
    advocacy_opted_out_on date,
    communication_needs varchar,
    email varchar,
    chair_id varchar,
    looked_after_since date,
    legal_status varchar,
    short_breaks boolean NOT NULL,
    secure_since date,
    last_visit_on date,
    registered_on date NOT NULL,
    merged_into varchar,
    version integer NOT NULL,
    short_breaks_ended_on date
);
CREATE INDEX looked_after_child_chair_id_idx ON looked_after_child (chair_id)
    WHERE looked_after_since IS NOT NULL AND merged_into IS NULL;
CREATE INDEX looked_after_child_area_id_idx ON looked_after_child (area_id, person_id);
CREATE INDEX looked_after_child_mother_person_id_idx ON looked_after_child (mother_person_id);
CREATE INDEX looked_after_child_merged_into_idx ON looked_after_child (merged_into) WHERE merged_into IS NOT NULL;

-- Whether a child is restricted, and who chairs, is told to `chassis.child_visibility`. A number that was merged into
-- another one is as restricted as that one is, and so is one merged into it.
CREATE FUNCTION follow_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chassis.keep_visibility(
        one.person_id, 'reviews', present.restricted, present.chair_id, 'looked_after_child.visibility_changed')
    FROM (
        WITH RECURSIVE up (person_id, merged_into) AS (
            SELECT NEW.person_id, NEW.merged_into
            UNION
            SELECT child.person_id, child.merged_into
            FROM looked_after_child child JOIN up ON child.person_id = up.merged_into
        )
        SELECT person_id FROM up WHERE merged_into IS NULL
    ) root
    JOIN looked_after_child present ON present.person_id = root.person_id
    CROSS JOIN LATERAL (
        WITH RECURSIVE down (person_id) AS (
            SELECT root.person_id
            UNION
            SELECT child.person_id FROM looked_after_child child JOIN down ON child.merged_into = down.person_id
        )
        SELECT person_id FROM down
    ) one;
    RETURN NULL;
END $$;
CREATE TRIGGER visibility_follows AFTER INSERT OR UPDATE OF restricted, chair_id, merged_into ON looked_after_child
    FOR EACH ROW EXECUTE FUNCTION follow_visibility();

-- One run of being looked after; a child has one that is open at most.
CREATE TABLE period_of_care (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES looked_after_child,
    starts_on date NOT NULL,
    ends_on date,
    short_breaks boolean NOT NULL,
    adoption_authorised_on date,
    reviews_before integer NOT NULL,
    reviewed_before_on date,
    episodes jsonb NOT NULL,
    CONSTRAINT ends_on CHECK (ends_on >= starts_on),
    CONSTRAINT reviews_before CHECK ((reviews_before > 0) = (reviewed_before_on IS NOT NULL))
);
CREATE INDEX period_of_care_person_id_idx ON period_of_care (person_id, starts_on);
CREATE INDEX period_of_care_starts_on_idx ON period_of_care (starts_on, ends_on);
CREATE UNIQUE INDEX period_of_care_open_key ON period_of_care (person_id) WHERE ends_on IS NULL;

-- Who is a child's Independent Reviewing Officer, from a day to a day; one at a time.
CREATE TABLE allocation (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES looked_after_child,
    chair_id varchar NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    allocated_by varchar NOT NULL,
    allocated_at timestamptz NOT NULL,
    CONSTRAINT ends_on CHECK (ends_on >= starts_on)
);
CREATE INDEX allocation_person_id_idx ON allocation (person_id, starts_on);
CREATE UNIQUE INDEX allocation_open_key ON allocation (person_id) WHERE ends_on IS NULL;

-- A deadline that is still open; the row goes when it is met.
CREATE TABLE deadline (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES looked_after_child,
    kind varchar NOT NULL,
    subject varchar NOT NULL,
    track varchar,
    due_on date NOT NULL,
    event_on date NOT NULL,
    rule varchar NOT NULL,
    owner_role varchar NOT NULL,
    owner_id varchar,
    chair_id varchar,
    area_id varchar NOT NULL,
    team varchar,
    review_reference varchar,
    told_missed_on date
);
CREATE INDEX deadline_due_on_id_idx ON deadline (due_on, id);
CREATE INDEX deadline_kind_idx ON deadline (kind, due_on, id);
CREATE INDEX deadline_chair_id_idx ON deadline (chair_id, due_on, id);
CREATE INDEX deadline_owner_id_idx ON deadline (owner_id, due_on, id);
CREATE INDEX deadline_area_id_idx ON deadline (area_id, due_on, id);
CREATE INDEX deadline_person_id_idx ON deadline (person_id);
CREATE INDEX deadline_review_reference_idx ON deadline (review_reference);

-- A prompt that was done, for one period of care.
CREATE TABLE prompt_done (
    person_id varchar NOT NULL,
    prompt varchar NOT NULL,
    care_since date NOT NULL,
    done_on date NOT NULL,
    done_by varchar NOT NULL,
    PRIMARY KEY (person_id, prompt, care_since)
);

-- Review meetings
-- ---------------

-- A meeting of one or several children.
CREATE TABLE review (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    state varchar NOT NULL,
    person_ids text[] NOT NULL,
    planned_on date NOT NULL,
    planned_time time,
    chair_id varchar NOT NULL,
    area_id varchar NOT NULL,
    mode varchar NOT NULL,
    venue varchar,
    early_trigger varchar,
    panel jsonb NOT NULL,
    sat_on date,
    resumes_on date,
    held_on date,
    cancelled_on date,
    cancelled_because varchar,
    version integer NOT NULL,
    CONSTRAINT state CHECK (state IN ('planned', 'adjourned', 'held', 'cancelled')),
    CONSTRAINT held CHECK ((state = 'held') = (held_on IS NOT NULL)),
    CONSTRAINT cancelled CHECK ((state = 'cancelled') = (cancelled_on IS NOT NULL)),
    CONSTRAINT cancelled_because CHECK ((cancelled_on IS NULL) = (cancelled_because IS NULL)),
    CONSTRAINT adjourned CHECK ((sat_on IS NULL) = (resumes_on IS NULL)),
    CONSTRAINT resumed CHECK (held_on >= sat_on),
    CONSTRAINT person_ids CHECK (cardinality(person_ids) > 0)
);
CREATE UNIQUE INDEX review_reference_key ON review (reference);
CREATE INDEX review_planned_on_id_idx ON review (planned_on, id);
CREATE INDEX review_chair_id_idx ON review (chair_id, planned_on, id);
CREATE INDEX review_area_id_idx ON review (area_id, planned_on, id);
CREATE INDEX review_state_idx ON review (state, planned_on, id);
CREATE INDEX review_person_ids_idx ON review USING gin (person_ids);
-- Every change counts in the version, by which `If-Match` knows what somebody has seen.
CREATE TRIGGER review_changes_are_counted BEFORE UPDATE ON review FOR EACH ROW
    WHEN (OLD.version = NEW.version AND OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION chassis.refuse_uncounted_change();

-- One child's part in a meeting: why it was due, how the child took part, and what follows from it.
CREATE TABLE child_review (
    id uuid PRIMARY KEY,
    review_id uuid NOT NULL REFERENCES review,
    reference varchar NOT NULL,
    person_id varchar NOT NULL REFERENCES looked_after_child,
    track varchar NOT NULL,
    kind varchar NOT NULL,
    due_on date,
    event_on date,
    rule varchar,
    chair_id varchar NOT NULL,
    area_id varchar NOT NULL,
    team varchar,
    cancelled boolean NOT NULL,
    contacted_beforehand_on date,
    consultation_sent_on date,
    consultation_returned_on date,
    social_worker_report_due_on date,
    social_worker_report_on date,
    plan_checks jsonb NOT NULL,
    sat_on date,
    held_on date,
    in_time boolean,
    age integer,
    remand boolean NOT NULL,
    participation varchar,
    attended boolean,
    seen_alone boolean,
    views varchar,
    next_step varchar,
    next_due_on date,
    decisions_due_on date,
    decisions_on date,
    record_due_on date,
    record_text varchar,
    child_text varchar,
    record_on date,
    distribution_due_on date,
    distributed_on date,
    distributed_to text[] NOT NULL,
    CONSTRAINT due_on CHECK ((due_on IS NULL) = (track = 'disruption')),
    CONSTRAINT participation CHECK ((held_on IS NULL) = (participation IS NULL)),
    CONSTRAINT age CHECK ((held_on IS NULL) = (age IS NULL)),
    CONSTRAINT record CHECK (record_on >= held_on AND distributed_on >= record_on)
);
CREATE UNIQUE INDEX child_review_review_id_person_id_key ON child_review (review_id, person_id);
CREATE INDEX child_review_person_id_idx ON child_review (person_id, held_on);
CREATE INDEX child_review_held_on_id_idx ON child_review (held_on, id);
CREATE INDEX child_review_area_id_idx ON child_review (area_id, held_on);
CREATE INDEX child_review_chair_id_idx ON child_review (chair_id, held_on);

CREATE TABLE invitation (
    id uuid PRIMARY KEY,
    review_id uuid NOT NULL REFERENCES review,
    reference varchar NOT NULL,
    person_ids text[] NOT NULL,
    name varchar NOT NULL,
    relationship varchar NOT NULL,
    agency_id varchar,
    email varchar,
    automatic boolean NOT NULL,
    invited_on date NOT NULL,
    attended boolean,
    followed_up_on date,
    followed_up_by varchar,
    CONSTRAINT followed_up CHECK ((followed_up_on IS NULL) = (followed_up_by IS NULL))
);
CREATE INDEX invitation_review_id_idx ON invitation (review_id);

-- What was set right after a review was held, with what it said before.
CREATE TABLE correction (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    corrected_at timestamptz NOT NULL,
    corrected_by varchar NOT NULL,
    because varchar NOT NULL,
    changes jsonb NOT NULL
);
CREATE INDEX correction_reference_idx ON correction (reference, id);

-- What a review decided for one child, and what the manager says to it.
CREATE TABLE decision (
    id uuid PRIMARY KEY,
    child_review_id uuid NOT NULL REFERENCES child_review,
    reference varchar NOT NULL,
    person_id varchar NOT NULL REFERENCES looked_after_child,
    number integer NOT NULL,
    decision varchar NOT NULL,
    owner varchar NOT NULL,
    due_on date,
    state varchar NOT NULL,
    manager_id varchar,
    sent_on date NOT NULL,
    respond_by date NOT NULL,
    responded_on date,
    responded_by varchar,
    objection varchar,
    settlement varchar,
    implemented boolean,
    checked_on date,
    checked_by varchar,
    chair_id varchar NOT NULL,
    version integer NOT NULL,
    CONSTRAINT state CHECK (state IN ('sent', 'agreed', 'agreed_by_silence', 'objected', 'settled')),
    CONSTRAINT responded CHECK ((state = 'sent') = (responded_on IS NULL)),
    CONSTRAINT objection CHECK ((state IN ('objected', 'settled')) = (objection IS NOT NULL)),
    CONSTRAINT checked CHECK ((implemented IS NULL) = (checked_on IS NULL))
);
CREATE UNIQUE INDEX decision_child_review_id_number_key ON decision (child_review_id, number);
CREATE INDEX decision_person_id_idx ON decision (person_id, id);
CREATE INDEX decision_state_idx ON decision (state, respond_by, id);
CREATE INDEX decision_manager_id_idx ON decision (manager_id, state, id);

-- An escalation or a positive challenge that was raised from a review, as its owner published it.
CREATE TABLE raised_escalation (
    reference varchar PRIMARY KEY,
    review_reference varchar NOT NULL,
    formal boolean NOT NULL,
    raised_on date NOT NULL,
    closed_on date
);
CREATE INDEX raised_escalation_review_reference_idx ON raised_escalation (review_reference);

-- Between reviews
-- ---------------

-- A visit by a chair, or another contact with a child.
CREATE TABLE contact (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES looked_after_child,
    kind varchar NOT NULL,
    happened_on date NOT NULL,
    made_by varchar NOT NULL,
    seen_alone boolean,
    note varchar,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX contact_person_id_idx ON contact (person_id, happened_on);
CREATE INDEX contact_happened_on_idx ON contact (happened_on, id);

-- A chair's check, halfway between two reviews, of how the plan is going.
CREATE TABLE midpoint_check (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES looked_after_child,
    reviewed_on date NOT NULL,
    due_on date NOT NULL,
    done_on date NOT NULL,
    done_by varchar NOT NULL,
    on_track boolean NOT NULL,
    note varchar
);
CREATE UNIQUE INDEX midpoint_check_person_id_reviewed_on_key ON midpoint_check (person_id, reviewed_on);
CREATE INDEX midpoint_check_done_on_idx ON midpoint_check (done_on);

-- Whether a nominated officer or the director approved that a child leaves care (regulation 39).
CREATE TABLE leaving_care_decision (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES looked_after_child,
    approval varchar NOT NULL,
    requested_on date NOT NULL,
    decided_on date,
    approved boolean,
    decided_by varchar,
    note varchar,
    version integer NOT NULL,
    CONSTRAINT approval CHECK (approval IN ('nominated_officer', 'director')),
    CONSTRAINT decided CHECK ((decided_on IS NULL) = (approved IS NULL)),
    CONSTRAINT decided_by CHECK ((decided_on IS NULL) = (decided_by IS NULL))
);
CREATE INDEX leaving_care_decision_person_id_idx ON leaving_care_decision (person_id, id);
CREATE INDEX leaving_care_decision_decided_on_idx ON leaving_care_decision (decided_on);

-- A referral for a meeting about a placement that broke down.
CREATE TABLE disruption_referral (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    person_id varchar NOT NULL REFERENCES looked_after_child,
    placement varchar NOT NULL,
    referred_on date NOT NULL,
    referred_by varchar NOT NULL,
    reason varchar NOT NULL,
    state varchar NOT NULL,
    decided_on date,
    decided_by varchar,
    declined_because varchar,
    chair_id varchar,
    review_reference varchar,
    version integer NOT NULL,
    CONSTRAINT state CHECK (state IN ('received', 'accepted', 'declined')),
    CONSTRAINT decided CHECK ((state = 'received') = (decided_on IS NULL)),
    CONSTRAINT declined CHECK ((state = 'declined') = (declined_because IS NOT NULL)),
    CONSTRAINT accepted CHECK (state <> 'accepted' OR chair_id IS NOT NULL)
);
CREATE UNIQUE INDEX disruption_referral_reference_key ON disruption_referral (reference);
CREATE INDEX disruption_referral_person_id_idx ON disruption_referral (person_id);
CREATE INDEX disruption_referral_referred_on_idx ON disruption_referral (referred_on, id);

CREATE TABLE feedback (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    person_ids text[] NOT NULL,
    from_whom varchar NOT NULL,
    rating varchar NOT NULL,
    comment varchar,
    given_on date NOT NULL,
    recorded_by varchar NOT NULL,
    CONSTRAINT rating CHECK (rating IN ('red', 'amber', 'green'))
);
CREATE INDEX feedback_reference_idx ON feedback (reference);
CREATE INDEX feedback_given_on_idx ON feedback (given_on, id);

-- Calendars
-- ---------

-- A secret address under which a chair's calendar reads their diary; the token itself is not kept. `last_used_on` shows
-- its owner an address that leaked.
CREATE TABLE diary_feed (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL,
    chair_id varchar NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_on date
);
CREATE UNIQUE INDEX diary_feed_token_hash_key ON diary_feed (token_hash);

-- A conference as its service published it: conferences stand in a chair's calendar beside the reviews.
CREATE TABLE conference_in_diary (
    reference varchar PRIMARY KEY,
    chair_id varchar NOT NULL,
    state varchar NOT NULL,
    planned_on date NOT NULL,
    planned_time time,
    mode varchar,
    children integer,
    review_reference varchar,
    version integer NOT NULL,
    CONSTRAINT state CHECK (state IN ('planned', 'held', 'cancelled'))
);
CREATE INDEX conference_in_diary_chair_id_idx ON conference_in_diary (chair_id, planned_on);

-- What was put right
-- ------------------

-- A merge of two person numbers of one child, with the rows that were moved, so that it can be undone.
CREATE TABLE person_merge (
    id uuid PRIMARY KEY,
    from_person_id varchar NOT NULL,
    into_person_id varchar NOT NULL,
    merged_at timestamptz NOT NULL,
    merged_by varchar NOT NULL,
    because varchar NOT NULL,
    moved jsonb NOT NULL,
    undone_at timestamptz,
    undone_by varchar,
    CONSTRAINT undone CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
CREATE INDEX person_merge_into_person_id_idx ON person_merge (into_person_id);

-- What was written down by mistake and taken back, with what it said.
CREATE TABLE taken_back (
    id uuid PRIMARY KEY,
    kind varchar NOT NULL,
    person_ids text[] NOT NULL,
    said jsonb NOT NULL,
    taken_back_at timestamptz NOT NULL,
    taken_back_by varchar NOT NULL,
    because varchar NOT NULL
);
CREATE INDEX taken_back_person_ids_idx ON taken_back USING gin (person_ids);
