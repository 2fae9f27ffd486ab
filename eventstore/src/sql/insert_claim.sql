-- eventstore/src/sql/insert_claim.sql    one row: $1 company   $2 mac   $3 kind   $4 stream kind   $5 stream id   $6 position
INSERT INTO claims (company_id, mac, kind, stream_kind, stream_id, position)
VALUES ($1, $2, $3, $4, $5, $6)
