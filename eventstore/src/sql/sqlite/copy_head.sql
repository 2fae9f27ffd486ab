-- eventstore/src/sql/sqlite/copy_head.sql    $1 company; `source` is the database that is copied
INSERT INTO heads (company_id, log_id, position, hash, last_recorded_at)
SELECT company_id, log_id, position, hash, last_recorded_at
FROM source.heads
WHERE company_id = $1
