-- projections/src/journey_table/sql/movements.sql    $1 company   $2 generation
SELECT position, sale_id, number, contact_id, journey_id, product_id, rep_id, kind, amount_minor,
       dated_at, official, valid_from, known_from, valid_until, known_until
FROM journey_movements
WHERE company_id = $1 AND generation = $2
ORDER BY position, sale_id, number
