-- eventstore/src/sql/read_range.sql    $1 company   $2 first position   $3 last position
SELECT position, commit_end, stream_kind, stream_id, version, event_id, command_id, kind, format,
       occurred_at, recorded_at, actor, cause, body, hash
FROM events
WHERE company_id = $1 AND position >= $2 AND position <= $3
ORDER BY position
