-- eventstore/src/sql/insert_timer.sql    one row: $1 company, then the columns in the order they are named
INSERT INTO timers (company_id, timer_id, stream_kind, stream_id, name, due_at, wake_at, position)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (company_id, timer_id) DO UPDATE
SET due_at = excluded.due_at, wake_at = excluded.wake_at, position = excluded.position
