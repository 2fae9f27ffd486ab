-- eventstore/src/sql/stream_versions.sql    $1 company   $2 stream kind   $3 stream ids
SELECT stream_id, max(version) AS version
FROM events
WHERE company_id = $1 AND stream_kind = $2 AND stream_id IN ($3)
GROUP BY stream_id
