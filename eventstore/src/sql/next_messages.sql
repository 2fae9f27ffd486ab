-- eventstore/src/sql/next_messages.sql    no binds: one row for each company, found by its own place in the index
SELECT heads.company_id, (SELECT min(outbox.due_at) FROM outbox WHERE outbox.company_id = heads.company_id) AS next_at
FROM heads
