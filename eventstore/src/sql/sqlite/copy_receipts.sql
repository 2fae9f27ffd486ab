-- eventstore/src/sql/sqlite/copy_receipts.sql    $1 company; `source` is the database that is copied
INSERT INTO receipts (company_id, receipt_id, request_mac, command_id, first_position, last_position, expires_at)
SELECT company_id, receipt_id, request_mac, command_id, first_position, last_position, expires_at
FROM source.receipts
WHERE company_id = $1
