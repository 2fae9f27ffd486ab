-- eventstore/src/sql/sqlite/copy_events.sql    $1 company   $2 after position   $3 last position; `source` is the database that is copied
INSERT INTO events (company_id, position, commit_end, stream_kind, stream_id, version, event_id, command_id, kind, format,
                    occurred_at, recorded_at, actor, cause, body, hash)
SELECT company_id, position, commit_end, stream_kind, stream_id, version, event_id, command_id, kind, format,
       occurred_at, recorded_at, actor, cause, body, hash
FROM source.events
WHERE company_id = $1 AND position > $2 AND position <= $3
