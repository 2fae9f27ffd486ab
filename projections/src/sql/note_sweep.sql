-- projections/src/sql/note_sweep.sql    $1 company   $2 read model   $3 generation in use
UPDATE projections
SET swept_below = $3
WHERE company_id = $1 AND name = $2 AND generation = $3
