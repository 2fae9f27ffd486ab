-- eventstore/src/sql/sqlite/copy_company.sql    $1 company; `source` is the database that is copied
INSERT INTO companies (company_id, name, created_at)
SELECT company_id, name, created_at
FROM source.companies
WHERE company_id = $1
