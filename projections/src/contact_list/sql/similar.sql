-- projections/src/contact_list/sql/similar.sql    $1 company   $2 generation   $3 value   $4 limit
-- Of a value that very many share, such as the number of a call center, the newest contacts.
SELECT contact_id, kind
FROM contact_list_keys
WHERE company_id = $1 AND generation = $2 AND value = $3
ORDER BY contact_id DESC
LIMIT $4
