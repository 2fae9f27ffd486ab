-- eventstore/src/sql/move_head.sql    $1 company   $2 old position   $3 new position   $4 hash   $5 last recorded at
UPDATE heads
SET position = $3, hash = $4, last_recorded_at = $5
WHERE company_id = $1 AND position = $2
