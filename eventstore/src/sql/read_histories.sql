-- eventstore/src/sql/read_histories.sql    $1 company   $2 $3 kind and id of the last stream taken   $4 last position   $5 limit
SELECT position, commit_end, stream_kind, stream_id, version, event_id, command_id, kind, format,
       occurred_at, recorded_at, actor, cause, body, hash
FROM events
WHERE company_id = $1 AND (stream_kind, stream_id) > ($2, $3) AND position <= $4
ORDER BY stream_kind, stream_id, version
LIMIT $5
