-- eventstore/src/sql/sqlite/copy_outbox.sql    $1 company; `source` is the database that is copied
INSERT INTO outbox (company_id, message_id, position, of_event, topic, body, occurred_at, due_at, attempts)
SELECT company_id, message_id, position, of_event, topic, body, occurred_at, due_at, attempts
FROM source.outbox
WHERE company_id = $1
