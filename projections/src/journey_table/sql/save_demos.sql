-- projections/src/journey_table/sql/save_demos.sql    one row: $1 company   $2 generation, then the columns in the order they are named
-- Of a row that is there already, only its end is news.
INSERT INTO journey_demos (company_id, generation, position, meeting_id, contact_id, journey_id, source_id, product_id, category, scheduler_id, rep_id,
       set_at, start_at, canceled_at, reason_id, reason, valid_from, known_from, valid_until, known_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
ON CONFLICT (company_id, generation, position, meeting_id) DO UPDATE
SET valid_until = excluded.valid_until, known_until = excluded.known_until
