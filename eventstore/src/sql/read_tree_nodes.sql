-- eventstore/src/sql/read_tree_nodes.sql    $1 company   $2 height   $3 first number   $4 last number
SELECT number, hash
FROM tree_nodes
WHERE company_id = $1 AND height = $2 AND number >= $3 AND number <= $4
ORDER BY number
