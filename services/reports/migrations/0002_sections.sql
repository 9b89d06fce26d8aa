-- The words of a section, as Markdown. Those of the report before stay marked until somebody writes them anew.
CREATE TABLE report_section (
    report_id uuid NOT NULL REFERENCES report (id),
    key varchar NOT NULL,
    prose varchar NOT NULL,
    from_last_report boolean NOT NULL,
    written_by varchar NOT NULL,
    written_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (report_id, key)
);

-- The document as it was approved. What is corrected elsewhere afterwards changes nothing here.
CREATE TABLE approved_document (
    report_id uuid PRIMARY KEY REFERENCES report (id),
    content jsonb NOT NULL
);
