-- eventstore/src/sql/insert_message.sql    one row: $1 company, then the columns in the order they are named
INSERT INTO outbox (company_id, message_id, position, of_event, topic, body, occurred_at, due_at, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING
