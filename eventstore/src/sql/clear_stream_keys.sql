-- eventstore/src/sql/clear_stream_keys.sql    $1 company
DELETE FROM stream_keys
WHERE company_id = $1
