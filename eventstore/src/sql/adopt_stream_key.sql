-- eventstore/src/sql/adopt_stream_key.sql    one row: $1 company   $2 stream kind   $3 stream id   $4 wrapped key, or none
-- A stream that was erased here stays so.
INSERT INTO stream_keys (company_id, stream_kind, stream_id, wrapped)
VALUES ($1, $2, $3, $4)
ON CONFLICT (company_id, stream_kind, stream_id) DO NOTHING
