-- eventstore/src/sql/insert_event.sql    one row: $1 company, then the columns in the order they are named
INSERT INTO events (company_id, position, commit_end, stream_kind, stream_id, version, event_id, command_id,
                    kind, format, occurred_at, recorded_at, actor, cause, body, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
