-- eventstore/src/sql/take_lease.sql    $1 company   $2 name   $3 holder   $4 the first fence   $5 until   $6 now
INSERT INTO leases (company_id, name, holder, fence, expires_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (company_id, name) DO UPDATE
SET holder = excluded.holder, fence = leases.fence + 1, expires_at = excluded.expires_at
WHERE leases.expires_at <= $6 OR leases.holder = excluded.holder
RETURNING fence
