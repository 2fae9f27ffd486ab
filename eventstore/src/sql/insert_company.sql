-- eventstore/src/sql/insert_company.sql    $1 company   $2 name   $3 created at
INSERT INTO companies (company_id, name, created_at)
VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING
