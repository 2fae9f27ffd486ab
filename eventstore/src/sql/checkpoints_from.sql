-- eventstore/src/sql/checkpoints_from.sql    $1 company   $2 from this size on   $3 limit
SELECT size, note
FROM checkpoints
WHERE company_id = $1 AND size >= $2
ORDER BY size
LIMIT $3
