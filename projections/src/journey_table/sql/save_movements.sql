-- projections/src/journey_table/sql/save_movements.sql    one row: $1 company   $2 generation, then the columns in the order they are named
-- Of a row that is there already, only its end is news.
INSERT INTO journey_movements (company_id, generation, position, sale_id, number, contact_id, journey_id, product_id, rep_id, kind, amount_minor,
       dated_at, official, valid_from, known_from, valid_until, known_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (company_id, generation, position, sale_id, number) DO UPDATE
SET valid_until = excluded.valid_until, known_until = excluded.known_until
