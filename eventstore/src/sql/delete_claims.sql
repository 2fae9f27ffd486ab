-- eventstore/src/sql/delete_claims.sql    $1 company   $2 macs
DELETE FROM claims
WHERE company_id = $1 AND mac IN ($2)
