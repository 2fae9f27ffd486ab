-- eventstore/src/sql/list_messages.sql    $1 company
SELECT message_id, position, of_event, topic, body, occurred_at, attempts
FROM outbox
WHERE company_id = $1
