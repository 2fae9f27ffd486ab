-- eventstore/src/sql/read_claims.sql    $1 company   $2 macs
SELECT mac, stream_kind, stream_id, position
FROM claims
WHERE company_id = $1 AND mac IN ($2)
