-- projections/src/contact_list/sql/names.sql    $1 company   $2 generation   $3 contacts
SELECT contact_id, name
FROM contact_list
WHERE company_id = $1 AND generation = $2 AND name IS NOT NULL AND contact_id IN ($3)
