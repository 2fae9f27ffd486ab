-- eventstore/src/sql/page_claims.sql    $1 company   $2 after mac   $3 limit
SELECT mac, stream_kind, stream_id, position
FROM claims
WHERE company_id = $1 AND mac > $2
ORDER BY mac
LIMIT $3
