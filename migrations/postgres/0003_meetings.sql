-- Read models of step 3: whether a demo counts as demoed; which reason of the company's list a cancel had, and a note.
-- Where the tables are there they gain their columns, and are filled by the rebuild that their revision asks for.
ALTER TABLE IF EXISTS journey_table ADD COLUMN IF NOT EXISTS demoed bigint NOT NULL DEFAULT 0;
ALTER TABLE IF EXISTS journey_table_versions ADD COLUMN IF NOT EXISTS demoed bigint NOT NULL DEFAULT 0;
ALTER TABLE IF EXISTS canceled_demos ADD COLUMN IF NOT EXISTS reason_id uuid;
ALTER TABLE IF EXISTS canceled_demos ADD COLUMN IF NOT EXISTS note text;
