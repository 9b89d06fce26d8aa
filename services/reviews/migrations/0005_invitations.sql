ALTER TABLE invitation ALTER attended TYPE varchar USING CASE WHEN attended THEN 'attended' WHEN NOT attended THEN 'neither' END;
ALTER TABLE invitation RENAME attended TO attendance;
ALTER TABLE invitation
    ADD withdrawn_on date,
    ADD version integer NOT NULL DEFAULT 1;
ALTER TABLE invitation ALTER version DROP DEFAULT;
CREATE INDEX invitation_invited_on_idx ON invitation (invited_on, id);
-- As for conferences: null would be where it followed from something else than an allocation.
ALTER TABLE allocation ALTER allocated_by DROP NOT NULL;
