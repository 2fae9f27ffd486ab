-- Columns that these tables gained since they were first made: one statement a line, run where the column is not there.
ALTER TABLE canceled_demos ADD COLUMN reason_id BLOB;
ALTER TABLE canceled_demos ADD COLUMN note TEXT;
