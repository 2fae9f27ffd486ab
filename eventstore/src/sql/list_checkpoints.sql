-- eventstore/src/sql/list_checkpoints.sql    $1 company   $2 below this size   $3 limit
SELECT size, note
FROM checkpoints
WHERE company_id = $1 AND size < $2
ORDER BY size DESC
LIMIT $3
