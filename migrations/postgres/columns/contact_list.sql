-- Columns that these tables gained since they were first made: one statement a line, run where the column is not there.
ALTER TABLE contact_list ADD COLUMN state_since bigint;
ALTER TABLE contact_list ADD COLUMN merged_into uuid;
ALTER TABLE contact_list ADD COLUMN bought text;
ALTER TABLE contact_list ADD COLUMN demo_ever_set bigint;
ALTER TABLE contact_list ADD COLUMN not_before text;
