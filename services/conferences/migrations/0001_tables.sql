-- What the conferences service keeps.

-- Children, what asks for a conference, plans, and what is owed
-- -------------------------------------------------------------

-- A child, born or expected, as the case-management system knows them, with where they stand now.
CREATE TABLE child (
    person_id varchar PRIMARY KEY,
    given_name varchar,
    family_name varchar,
    born_on date,
    expected_on date,
    died_on date,
    sex varchar,
    ethnicity varchar,
    disabilities text[] NOT NULL,
    upn varchar,
    upn_unknown varchar,
    family_id varchar,
    school varchar,
    gp_practice varchar,
    area_id varchar NOT NULL,
    team varchar,
    social_worker varchar,
    social_worker_id varchar,
    supervisor_id varchar,
    manager_id varchar,
    restricted boolean NOT NULL,
    advocacy_opted_out_on date,
    chair_id varchar,
    plan_since date,
    category varchar,
    looked_after_since date,
    looked_after_version integer NOT NULL,
    registered_on date NOT NULL,
    version integer NOT NULL,
    CONSTRAINT born_or_expected CHECK (born_on IS NOT NULL OR expected_on IS NOT NULL),
    CONSTRAINT category CHECK ((plan_since IS NULL) = (category IS NULL))
);
CREATE INDEX child_chair_id_idx ON child (chair_id, person_id);
CREATE INDEX child_area_id_idx ON child (area_id, person_id);
CREATE INDEX child_family_id_idx ON child (family_id, person_id);
CREATE INDEX child_team_idx ON child (team, person_id);
CREATE INDEX child_plan_since_idx ON child (plan_since) WHERE plan_since IS NOT NULL;

-- Whether a child is restricted, and who chairs, is told to `chassis.child_visibility`.
CREATE FUNCTION follow_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chassis.keep_visibility(
        NEW.person_id, 'conferences', NEW.restricted, NEW.chair_id, 'child.visibility_changed');
    RETURN NULL;
END $$;
CREATE TRIGGER visibility_follows AFTER INSERT OR UPDATE OF restricted, chair_id ON child
    FOR EACH ROW EXECUTE FUNCTION follow_visibility();

-- Since when a child is on a plan is told from here, so that it is told however the day came about: by a conference, an
-- import, a correction, or because something was taken back.
CREATE FUNCTION tell_protection_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chassis.outgoing (id, type, subject, at, data) VALUES (
        chassis.new_id(), 'child.protection_plan_changed', NEW.person_id, now(), jsonb_build_object(
            'person_id', NEW.person_id, 'protection_plan_since', NEW.plan_since, 'version', NEW.version));
    RETURN NULL;
END $$;
CREATE TRIGGER first_plan_is_told AFTER INSERT ON child FOR EACH ROW
    WHEN (NEW.plan_since IS NOT NULL) EXECUTE FUNCTION tell_protection_plan();
CREATE TRIGGER plan_is_told AFTER UPDATE OF plan_since ON child FOR EACH ROW
    WHEN (OLD.plan_since IS DISTINCT FROM NEW.plan_since) EXECUTE FUNCTION tell_protection_plan();

-- A section 47 enquiry, or another authority's notification of a transfer: what a first conference answers.
CREATE TABLE conference_request (
    id uuid PRIMARY KEY,
    kind varchar NOT NULL,
    request_id varchar NOT NULL,
    person_id varchar NOT NULL REFERENCES child,
    started_on date NOT NULL,
    strategy_discussion_on date,
    event_on date,
    due_on date,
    from_authority varchar,
    conference_not_required boolean NOT NULL,
    conference_reference varchar,
    answered_on date,
    version integer NOT NULL,
    CONSTRAINT kind CHECK (kind IN ('section_47_enquiry', 'transfer_in')),
    CONSTRAINT due_on CHECK ((event_on IS NULL) = (due_on IS NULL)),
    CONSTRAINT from_authority CHECK ((kind = 'transfer_in') = (from_authority IS NOT NULL))
);
CREATE UNIQUE INDEX conference_request_kind_request_id_key ON conference_request (kind, request_id);
CREATE INDEX conference_request_person_id_idx ON conference_request (person_id, started_on);
CREATE INDEX conference_request_started_on_id_idx ON conference_request (started_on, id);

-- A child protection plan; a child has one that is open at most.
CREATE TABLE protection_plan (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES child,
    starts_on date NOT NULL,
    initial_category varchar NOT NULL,
    latest_category varchar NOT NULL,
    ends_on date,
    end_reason varchar,
    previous_plans integer NOT NULL,
    previous_ended_on date,
    reviewed_before_on date,
    started_by varchar,
    ended_by varchar,
    chair_id varchar,
    area_id varchar NOT NULL,
    team varchar,
    imported boolean NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ends_on CHECK (ends_on >= starts_on),
    CONSTRAINT end_reason CHECK ((ends_on IS NULL) = (end_reason IS NULL)),
    CONSTRAINT initial_category CHECK (initial_category IN ('NEG', 'PHY', 'SAB', 'EMO', 'MUL')),
    CONSTRAINT latest_category CHECK (latest_category IN ('NEG', 'PHY', 'SAB', 'EMO', 'MUL'))
);
CREATE UNIQUE INDEX protection_plan_person_id_starts_on_key ON protection_plan (person_id, starts_on);
CREATE UNIQUE INDEX protection_plan_open_key ON protection_plan (person_id) WHERE ends_on IS NULL;
CREATE INDEX protection_plan_starts_on_id_idx ON protection_plan (starts_on, id);
CREATE INDEX protection_plan_area_id_idx ON protection_plan (area_id, starts_on, id);
CREATE INDEX protection_plan_chair_id_idx ON protection_plan (chair_id, starts_on, id);
CREATE INDEX protection_plan_ends_on_idx ON protection_plan (ends_on, starts_on);

-- A deadline that is still open; the row goes when it is met.
CREATE TABLE deadline (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES child,
    kind varchar NOT NULL,
    subject varchar NOT NULL,
    due_on date NOT NULL,
    event_on date NOT NULL,
    rule varchar NOT NULL,
    owner_role varchar NOT NULL,
    owner_id varchar,
    chair_id varchar,
    area_id varchar NOT NULL,
    team varchar,
    conference_reference varchar,
    told_missed_on date
);
CREATE INDEX deadline_due_on_id_idx ON deadline (due_on, id);
CREATE INDEX deadline_kind_idx ON deadline (kind, due_on, id);
CREATE INDEX deadline_chair_id_idx ON deadline (chair_id, due_on, id);
CREATE INDEX deadline_owner_id_idx ON deadline (owner_id, due_on, id);
CREATE INDEX deadline_area_id_idx ON deadline (area_id, due_on, id);
CREATE INDEX deadline_person_id_idx ON deadline (person_id);
CREATE INDEX deadline_conference_reference_idx ON deadline (conference_reference);

-- Conferences
-- -----------

-- A conference about one or several children of a family.
CREATE TABLE conference (
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
    minute_taker varchar,
    review_reference varchar,
    report_due_on date NOT NULL,
    held_on date,
    family_contacted_on date,
    family_met boolean,
    quorate boolean,
    inquorate_because varchar,
    core_group jsonb NOT NULL,
    safety_scores jsonb NOT NULL,
    dissent jsonb NOT NULL,
    record jsonb NOT NULL,
    record_template varchar,
    outline_plan_due_on date,
    outline_plan_on date,
    record_due_on date,
    record_on date,
    distributed_on date,
    distributed_to text[] NOT NULL,
    closed_on date,
    cancelled_on date,
    cancelled_because varchar,
    version integer NOT NULL,
    CONSTRAINT state CHECK (state IN ('planned', 'held', 'closed', 'cancelled')),
    CONSTRAINT held CHECK ((state IN ('held', 'closed')) = (held_on IS NOT NULL)),
    CONSTRAINT closed CHECK ((state = 'closed') = (closed_on IS NOT NULL)),
    CONSTRAINT cancelled CHECK ((state = 'cancelled') = (cancelled_on IS NOT NULL)),
    CONSTRAINT cancelled_because CHECK ((cancelled_on IS NULL) = (cancelled_because IS NULL)),
    CONSTRAINT record CHECK (record_on >= held_on AND distributed_on >= record_on),
    CONSTRAINT person_ids CHECK (cardinality(person_ids) > 0)
);
CREATE UNIQUE INDEX conference_reference_key ON conference (reference);
CREATE INDEX conference_planned_on_id_idx ON conference (planned_on, id);
CREATE INDEX conference_chair_id_idx ON conference (chair_id, planned_on, id);
CREATE INDEX conference_area_id_idx ON conference (area_id, planned_on, id);
CREATE INDEX conference_state_idx ON conference (state, planned_on, id);
CREATE INDEX conference_person_ids_idx ON conference USING gin (person_ids);
CREATE INDEX conference_review_reference_idx ON conference (review_reference);
CREATE INDEX conference_held_on_idx ON conference (held_on);
-- Every change counts in the version, by which `If-Match` knows what somebody has seen.
CREATE TRIGGER conference_changes_are_counted BEFORE UPDATE ON conference FOR EACH ROW
    WHEN (OLD.version = NEW.version AND OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION chassis.refuse_uncounted_change();

-- One child's part in a conference: why it was due, how the child took part, and what was decided.
CREATE TABLE child_conference (
    id uuid PRIMARY KEY,
    conference_id uuid NOT NULL REFERENCES conference,
    reference varchar NOT NULL,
    person_id varchar NOT NULL REFERENCES child,
    kind varchar NOT NULL,
    due_on date NOT NULL,
    event_on date NOT NULL,
    rule varchar NOT NULL,
    request_id uuid,
    chair_id varchar NOT NULL,
    area_id varchar NOT NULL,
    team varchar,
    cancelled boolean NOT NULL,
    held_on date,
    in_time boolean,
    unborn boolean NOT NULL,
    age integer,
    participation varchar,
    attended boolean,
    advocate boolean,
    views varchar,
    outcome varchar,
    category varchar,
    plan_id uuid,
    next_due_on date,
    looked_after boolean NOT NULL,
    CONSTRAINT outcome CHECK ((held_on IS NULL) = (outcome IS NULL)),
    CONSTRAINT kind CHECK (kind IN ('initial', 'transfer_in', 'first_review', 'later_review'))
);
CREATE UNIQUE INDEX child_conference_conference_id_person_id_key ON child_conference (conference_id, person_id);
CREATE INDEX child_conference_person_id_idx ON child_conference (person_id, held_on);
CREATE INDEX child_conference_held_on_id_idx ON child_conference (held_on, id);
CREATE INDEX child_conference_area_id_idx ON child_conference (area_id, held_on);
CREATE INDEX child_conference_chair_id_idx ON child_conference (chair_id, held_on);
CREATE INDEX child_conference_plan_id_idx ON child_conference (plan_id);

-- What was set right after a conference was held, with what it said before.
CREATE TABLE correction (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    corrected_at timestamptz NOT NULL,
    corrected_by varchar NOT NULL,
    because varchar NOT NULL,
    changes jsonb NOT NULL
);
CREATE INDEX correction_reference_idx ON correction (reference, id);

-- Somebody who was invited, and what they contributed.
CREATE TABLE invitation (
    id uuid PRIMARY KEY,
    conference_id uuid NOT NULL REFERENCES conference,
    reference varchar NOT NULL,
    person_ids text[] NOT NULL,
    invited_as varchar NOT NULL,
    name varchar NOT NULL,
    relationship varchar,
    agency_id varchar,
    agency_role varchar,
    team varchar,
    area_id varchar NOT NULL,
    email varchar,
    automatic boolean NOT NULL,
    invited_on date NOT NULL,
    report_expected boolean NOT NULL,
    report_due_on date,
    report_received_on date,
    report_shared_on date,
    apologies_on date,
    attendance varchar,
    withdrawn_on date,
    chair_id varchar NOT NULL,
    version integer NOT NULL,
    CONSTRAINT invited_as CHECK (invited_as IN ('professional', 'family', 'advocate', 'observer')),
    CONSTRAINT attendance CHECK (attendance IN ('attended', 'apologies', 'neither')),
    CONSTRAINT agency CHECK (invited_as <> 'professional' OR agency_id IS NOT NULL),
    CONSTRAINT agency_role CHECK ((agency_id IS NULL) = (agency_role IS NULL)),
    CONSTRAINT relationship CHECK ((invited_as = 'family') = (relationship IS NOT NULL)),
    CONSTRAINT report_due_on CHECK (report_expected = (report_due_on IS NOT NULL))
);
CREATE INDEX invitation_conference_id_idx ON invitation (conference_id);
CREATE INDEX invitation_report_due_on_idx ON invitation (report_due_on, id);
CREATE INDEX invitation_agency_id_idx ON invitation (agency_id, agency_role);

-- A secret address under which an invited professional says whether a report is sent or they cannot come; the token
-- itself is not kept.
CREATE TABLE contribution_link (
    id uuid PRIMARY KEY,
    invitation_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    superseded_at timestamptz,
    revoked_at timestamptz,
    used_at timestamptz
);
CREATE UNIQUE INDEX contribution_link_token_hash_key ON contribution_link (token_hash);
CREATE INDEX contribution_link_invitation_id_idx ON contribution_link (invitation_id);

-- An escalation that a closed conference proposes: one for each professional who failed to report or to attend.
CREATE TABLE proposal (
    id uuid PRIMARY KEY,
    conference_id uuid NOT NULL REFERENCES conference,
    reference varchar NOT NULL,
    invitation_id uuid NOT NULL,
    person_ids text[] NOT NULL,
    agency_id varchar NOT NULL,
    agency_role varchar NOT NULL,
    professional_name varchar NOT NULL,
    professional_team varchar,
    area_id varchar NOT NULL,
    reason varchar NOT NULL,
    state varchar NOT NULL,
    chair_id varchar NOT NULL,
    proposed_on date NOT NULL,
    decided_on date,
    decided_by varchar,
    dismissed_because varchar,
    refused_because varchar,
    escalation_reference varchar,
    version integer NOT NULL,
    CONSTRAINT state CHECK (state IN ('proposed', 'confirmed', 'raised', 'refused', 'dismissed')),
    CONSTRAINT decided CHECK ((state = 'proposed') = (decided_on IS NULL)),
    CONSTRAINT dismissed CHECK ((state = 'dismissed') = (dismissed_because IS NOT NULL)),
    CONSTRAINT raised CHECK ((state = 'raised') = (escalation_reference IS NOT NULL)),
    CONSTRAINT refused CHECK ((state = 'refused') = (refused_because IS NOT NULL))
);
CREATE UNIQUE INDEX proposal_invitation_id_key ON proposal (invitation_id);
CREATE INDEX proposal_conference_id_idx ON proposal (conference_id, id);
CREATE INDEX proposal_state_idx ON proposal (state, id);
CREATE INDEX proposal_chair_id_idx ON proposal (chair_id, state, id);

-- An escalation or a positive challenge that was raised about a conference, as its owner told.
CREATE TABLE raised_escalation (
    reference varchar PRIMARY KEY,
    conference_reference varchar NOT NULL,
    formal boolean NOT NULL,
    raised_on date NOT NULL,
    closed_on date
);
CREATE INDEX raised_escalation_conference_reference_idx ON raised_escalation (conference_reference);

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

-- Between conferences
-- -------------------

-- A meeting of a child's core group: held, or missed with the reason.
CREATE TABLE core_group (
    id uuid PRIMARY KEY,
    reference varchar NOT NULL,
    person_id varchar NOT NULL REFERENCES child,
    due_on date NOT NULL,
    event_on date NOT NULL,
    held_on date,
    missed_because varchar,
    attended jsonb NOT NULL,
    next_on date,
    recorded_on date NOT NULL,
    recorded_by varchar NOT NULL,
    CONSTRAINT held_or_missed CHECK ((held_on IS NULL) = (missed_because IS NOT NULL))
);
CREATE INDEX core_group_person_id_idx ON core_group (person_id, due_on);
CREATE INDEX core_group_due_on_idx ON core_group (due_on, id);

-- That a chair looked at a plan between conferences, and what they found.
CREATE TABLE plan_check (
    id uuid PRIMARY KEY,
    kind varchar NOT NULL,
    reference varchar NOT NULL,
    person_id varchar NOT NULL REFERENCES child,
    due_on date,
    done_on date NOT NULL,
    done_by varchar NOT NULL,
    visits_in_time boolean NOT NULL,
    core_groups_held boolean NOT NULL,
    progress varchar,
    impact varchar,
    concern varchar,
    concern_to varchar,
    concern_to_id varchar,
    CONSTRAINT kind CHECK (kind IN ('midway', 'preparation')),
    CONSTRAINT concern CHECK ((concern IS NULL) = (concern_to IS NULL))
);
CREATE INDEX plan_check_person_id_idx ON plan_check (person_id, done_on);
CREATE INDEX plan_check_done_on_idx ON plan_check (done_on, id);

-- A discussion before a child reaches 12 months on a plan, led by another chair than the allocated one.
CREATE TABLE twelve_month_discussion (
    id uuid PRIMARY KEY,
    person_id varchar NOT NULL REFERENCES child,
    plan_id uuid NOT NULL REFERENCES protection_plan,
    due_on date NOT NULL,
    held_on date NOT NULL,
    led_by varchar NOT NULL,
    chair_id varchar,
    attended text[] NOT NULL,
    agenda jsonb NOT NULL,
    conclusion varchar NOT NULL,
    CONSTRAINT led_by CHECK (led_by <> chair_id)
);
CREATE INDEX twelve_month_discussion_person_id_idx ON twelve_month_discussion (person_id);
CREATE UNIQUE INDEX twelve_month_discussion_plan_id_key ON twelve_month_discussion (plan_id);
CREATE INDEX twelve_month_discussion_held_on_idx ON twelve_month_discussion (held_on, id);

-- What was put right
-- ------------------

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
