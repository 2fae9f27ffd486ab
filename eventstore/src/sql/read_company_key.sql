-- eventstore/src/sql/read_company_key.sql    $1 company
SELECT wrapped
FROM company_keys
WHERE company_id = $1
