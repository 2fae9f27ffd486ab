-- eventstore/src/sql/page_claims.sql    $1 company   $2 $3 $4 after mac, stream kind and stream id   $5 limit
SELECT mac, stream_kind, stream_id, position
FROM claims
WHERE company_id = $1 AND (mac, stream_kind, stream_id) > ($2, $3, $4)
ORDER BY mac, stream_kind, stream_id
LIMIT $5
