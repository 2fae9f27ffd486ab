-- projections/src/contact_list/sql/keys.sql    $1 company   $2 generation
SELECT contact_id, kind, value
FROM contact_list_keys
WHERE company_id = $1 AND generation = $2
ORDER BY contact_id, kind, value
