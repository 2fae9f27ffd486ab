-- eventstore/src/sql/postgres/lock_head.sql    $1 company
SELECT log_id, position, hash, last_recorded_at
FROM heads
WHERE company_id = $1
FOR UPDATE
