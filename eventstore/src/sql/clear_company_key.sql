-- eventstore/src/sql/clear_company_key.sql    $1 company
DELETE FROM company_keys
WHERE company_id = $1
