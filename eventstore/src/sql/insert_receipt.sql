-- eventstore/src/sql/insert_receipt.sql    one row: $1 company, then the columns in the order they are named
-- The row there may be is an expired one: a live one was found before anything was decided.
INSERT INTO receipts (company_id, receipt_id, request_mac, command_id, first_position, last_position, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (company_id, receipt_id) DO UPDATE
SET request_mac = excluded.request_mac, command_id = excluded.command_id,
    first_position = excluded.first_position, last_position = excluded.last_position,
    expires_at = excluded.expires_at
