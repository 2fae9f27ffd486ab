-- Columns that these tables gained since they were first made: one statement a line, run where the column is not there.
ALTER TABLE contact_list ADD COLUMN state_since INTEGER;
ALTER TABLE contact_list ADD COLUMN merged_into BLOB;
ALTER TABLE contact_list ADD COLUMN bought TEXT;
ALTER TABLE contact_list ADD COLUMN demo_ever_set INTEGER;
ALTER TABLE contact_list ADD COLUMN not_before TEXT;
