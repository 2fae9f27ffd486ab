-- eventstore/src/sql/put_out_timers.sql    $1 company   $2 last position that armed any of them   $3 timers
UPDATE timers
SET wake_at = NULL
WHERE company_id = $1 AND position <= $2 AND timer_id IN ($3)
