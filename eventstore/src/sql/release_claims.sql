-- eventstore/src/sql/release_claims.sql    $1 company   $2 stream kind   $3 stream ids
DELETE FROM claims
WHERE company_id = $1 AND stream_kind = $2 AND stream_id IN ($3)
