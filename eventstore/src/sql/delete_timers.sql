-- eventstore/src/sql/delete_timers.sql    $1 company   $2 timers
DELETE FROM timers
WHERE company_id = $1 AND timer_id IN ($2)
