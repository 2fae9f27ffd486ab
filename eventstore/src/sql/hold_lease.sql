-- eventstore/src/sql/hold_lease.sql    $1 company   $2 name   $3 fence   $4 until
UPDATE leases
SET expires_at = $4
WHERE company_id = $1 AND name = $2 AND fence = $3
