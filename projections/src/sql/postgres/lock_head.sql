-- projections/src/sql/postgres/lock_head.sql    $1 company
SELECT position, hash
FROM heads
WHERE company_id = $1
FOR UPDATE
