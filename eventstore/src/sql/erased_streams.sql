-- eventstore/src/sql/erased_streams.sql    $1 company
SELECT stream_kind, stream_id
FROM stream_keys
WHERE company_id = $1 AND wrapped IS NULL
