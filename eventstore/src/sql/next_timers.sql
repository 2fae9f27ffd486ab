-- eventstore/src/sql/next_timers.sql    no binds: one row for each company, found by its own place in the index
SELECT heads.company_id, (SELECT min(timers.wake_at) FROM timers WHERE timers.company_id = heads.company_id) AS next_at
FROM heads
