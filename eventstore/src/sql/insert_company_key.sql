-- eventstore/src/sql/insert_company_key.sql    $1 company   $2 wrapped key
INSERT INTO company_keys (company_id, wrapped)
VALUES ($1, $2)
ON CONFLICT DO NOTHING
