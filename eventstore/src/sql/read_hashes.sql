-- eventstore/src/sql/read_hashes.sql    $1 company   $2 first position   $3 last position
SELECT position, hash
FROM events
WHERE company_id = $1 AND position >= $2 AND position <= $3
ORDER BY position
