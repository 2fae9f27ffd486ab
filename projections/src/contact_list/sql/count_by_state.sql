-- projections/src/contact_list/sql/count_by_state.sql    $1 company   $2 generation
SELECT state, COUNT(*) AS contacts
FROM contact_list
WHERE company_id = $1 AND generation = $2 AND merged_into IS NULL
GROUP BY state
