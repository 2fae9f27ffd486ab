-- eventstore/src/sql/read_stream_keys.sql    $1 company   $2 stream kind   $3 stream ids
SELECT stream_id, wrapped
FROM stream_keys
WHERE company_id = $1 AND stream_kind = $2 AND stream_id IN ($3)
