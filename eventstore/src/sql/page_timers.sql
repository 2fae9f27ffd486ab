-- eventstore/src/sql/page_timers.sql    $1 company   $2 after timer   $3 limit
SELECT timer_id, stream_kind, stream_id, name, due_at, wake_at, position
FROM timers
WHERE company_id = $1 AND timer_id > $2
ORDER BY timer_id
LIMIT $3
