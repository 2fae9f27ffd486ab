-- eventstore/src/sql/list_companies.sql    no binds: the directory is read whole
SELECT company_id, name, created_at
FROM companies
ORDER BY created_at, company_id
