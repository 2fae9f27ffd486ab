-- eventstore/src/sql/read_streams.sql    $1 company   $2 stream kind   $3 stream ids
SELECT position, commit_end, stream_kind, stream_id, version, event_id, command_id, kind, format,
       occurred_at, recorded_at, actor, cause, body, hash
FROM events
WHERE company_id = $1 AND stream_kind = $2 AND stream_id IN ($3)
ORDER BY stream_id, version
