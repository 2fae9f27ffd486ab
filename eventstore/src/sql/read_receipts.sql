-- eventstore/src/sql/read_receipts.sql    $1 company   $2 now   $3 receipt ids
SELECT receipt_id, request_mac, command_id, first_position, last_position, expires_at
FROM receipts
WHERE company_id = $1 AND (expires_at IS NULL OR expires_at > $2) AND receipt_id IN ($3)
