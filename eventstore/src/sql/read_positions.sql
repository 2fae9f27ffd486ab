-- eventstore/src/sql/read_positions.sql    $1 company   $2 positions
SELECT position, commit_end, stream_kind, stream_id, version, event_id, command_id, kind, format,
       occurred_at, recorded_at, actor, cause, body, hash
FROM events
WHERE company_id = $1 AND position IN ($2)
