-- eventstore/src/sql/sqlite/copy_timers.sql    $1 company; `source` is the database that is copied
INSERT INTO timers (company_id, timer_id, stream_kind, stream_id, name, due_at, wake_at, position)
SELECT company_id, timer_id, stream_kind, stream_id, name, due_at, wake_at, position
FROM source.timers
WHERE company_id = $1
