-- Columns that these tables gained since they were first made: one statement a line, run where the column is not there.
ALTER TABLE journey_table ADD COLUMN demoed INTEGER;
