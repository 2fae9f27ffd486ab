-- eventstore/src/sql/delete_messages.sql    $1 company   $2 messages
DELETE FROM outbox
WHERE company_id = $1 AND message_id IN ($2)
