-- eventstore/src/sql/insert_head.sql    $1 company   $2 log   $3 position   $4 hash   $5 last recorded at
INSERT INTO heads (company_id, log_id, position, hash, last_recorded_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
