-- eventstore/src/sql/insert_stream_key.sql    one row: $1 company   $2 stream kind   $3 stream id   $4 wrapped key
INSERT INTO stream_keys (company_id, stream_kind, stream_id, wrapped)
VALUES ($1, $2, $3, $4)
