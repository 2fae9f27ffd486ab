-- projections/src/meeting_list/sql/save_journey.sql    one row: $1 company   $2 generation, then the columns in the order they are named
INSERT INTO meeting_list_journeys (company_id, generation, journey_id, contact_id, source_id, product_id)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (company_id, generation, journey_id, contact_id) DO UPDATE
SET source_id = excluded.source_id, product_id = excluded.product_id
