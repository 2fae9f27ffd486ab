-- eventstore/src/sql/disarm_streams.sql    $1 company   $2 stream kind   $3 stream ids
DELETE FROM timers
WHERE company_id = $1 AND stream_kind = $2 AND stream_id IN ($3)
