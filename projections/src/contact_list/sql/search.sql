-- projections/src/contact_list/sql/search.sql    $1 company   $2 generation
SELECT contact_id, search
FROM contact_list_search
WHERE company_id = $1 AND generation = $2
ORDER BY contact_id
