-- eventstore/src/sql/versions_until.sql    $1 company   $2 stream kind   $3 last position   $4 stream ids
SELECT stream_id, max(version) AS version
FROM events
WHERE company_id = $1 AND stream_kind = $2 AND position <= $3 AND stream_id IN ($4)
GROUP BY stream_id
