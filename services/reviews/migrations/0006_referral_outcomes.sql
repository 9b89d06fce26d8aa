ALTER TABLE prompt_done
    ADD outcome varchar,
    ADD outcome_on date,
    ADD CONSTRAINT outcome CHECK ((outcome IS NULL) = (outcome_on IS NULL) AND outcome IN ('declined', 'worked_with'));
CREATE INDEX prompt_done_done_on_idx ON prompt_done (done_on);
