-- eventstore/src/sql/destroy_stream_key.sql    one row: $1 company   $2 stream kind   $3 stream id   $4 no key
-- The row stays, so that nothing can be sealed for this stream again.
INSERT INTO stream_keys (company_id, stream_kind, stream_id, wrapped)
VALUES ($1, $2, $3, $4)
ON CONFLICT (company_id, stream_kind, stream_id) DO UPDATE SET wrapped = excluded.wrapped
