-- projections/src/sql/sqlite/lock_head.sql    $1 company
-- BEGIN IMMEDIATE already holds the only write lock there is.
SELECT position, hash
FROM heads
WHERE company_id = $1
