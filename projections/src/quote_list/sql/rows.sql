-- projections/src/quote_list/sql/rows.sql    $1 company   $2 generation
SELECT quote_id, contact_id, journey_id, product_id, rep_id, state, state_since, total_minor, valid_until, entered, replaces_id, replaced_by_id,
       workings
FROM quote_list
WHERE company_id = $1 AND generation = $2
ORDER BY quote_id, contact_id
