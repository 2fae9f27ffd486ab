-- projections/src/canceled_demos/sql/save_journey.sql    one row: $1 company   $2 generation   $3 journey   $4 contact   $5 workings
INSERT INTO canceled_demos_journeys (company_id, generation, journey_id, contact_id, workings)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (company_id, generation, journey_id, contact_id) DO UPDATE
SET workings = excluded.workings
