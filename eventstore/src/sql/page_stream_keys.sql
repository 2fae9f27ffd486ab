-- eventstore/src/sql/page_stream_keys.sql    $1 company   $2 $3 kind and id of the last one seen   $4 limit
SELECT stream_kind, stream_id, wrapped
FROM stream_keys
WHERE company_id = $1 AND (stream_kind, stream_id) > ($2, $3)
ORDER BY stream_kind, stream_id
LIMIT $4
