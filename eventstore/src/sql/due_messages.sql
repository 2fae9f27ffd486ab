-- eventstore/src/sql/due_messages.sql    $1 company   $2 now   $3 limit
SELECT message_id, position, of_event, topic, body, occurred_at, attempts
FROM outbox
WHERE company_id = $1 AND due_at < $2
ORDER BY due_at, position
LIMIT $3
