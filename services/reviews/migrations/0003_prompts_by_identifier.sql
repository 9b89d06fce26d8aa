ALTER TABLE prompt_done ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE prompt_done ALTER COLUMN id DROP DEFAULT;
ALTER TABLE prompt_done DROP CONSTRAINT prompt_done_pkey;
ALTER TABLE prompt_done ADD PRIMARY KEY (id);
CREATE UNIQUE INDEX prompt_done_person_id_prompt_care_since_key ON prompt_done (person_id, prompt, care_since);
CREATE INDEX prompt_done_done_on_id_idx ON prompt_done (done_on, id);
-- Lists are paged by the day and the identifier.
DROP INDEX midpoint_check_done_on_idx;
CREATE INDEX midpoint_check_done_on_id_idx ON midpoint_check (done_on, id);
