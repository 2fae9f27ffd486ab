-- eventstore/src/sql/due_timers.sql    $1 company   $2 now   $3 limit
SELECT stream_kind, stream_id, name, due_at, position
FROM timers
WHERE company_id = $1 AND wake_at < $2
ORDER BY wake_at, due_at, position
LIMIT $3
