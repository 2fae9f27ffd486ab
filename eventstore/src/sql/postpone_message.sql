-- eventstore/src/sql/postpone_message.sql    $1 company   $2 message   $3 until when
UPDATE outbox
SET due_at = $3, attempts = attempts + 1
WHERE company_id = $1 AND message_id = $2
