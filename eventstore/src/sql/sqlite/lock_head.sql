-- eventstore/src/sql/sqlite/lock_head.sql    $1 company
-- BEGIN IMMEDIATE already holds the only write lock there is.
SELECT log_id, position, hash, last_recorded_at
FROM heads
WHERE company_id = $1
