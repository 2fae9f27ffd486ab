-- projections/src/contact_list/sql/merged.sql    $1 company   $2 generation   $3 survivor
SELECT contact_id, name
FROM contact_list
WHERE company_id = $1 AND generation = $2 AND merged_into = $3
ORDER BY contact_id
