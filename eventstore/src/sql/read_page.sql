-- eventstore/src/sql/read_page.sql    $1 company   $2 after position   $3 limit
SELECT position, commit_end, stream_kind, stream_id, version, event_id, command_id, kind, format,
       occurred_at, recorded_at, actor, cause, body, hash
FROM events
WHERE company_id = $1 AND position > $2
ORDER BY position
LIMIT $3
