-- eventstore/src/sql/delete_receipts.sql    $1 company   $2 now
DELETE FROM receipts
WHERE company_id = $1 AND expires_at IS NOT NULL AND expires_at <= $2
