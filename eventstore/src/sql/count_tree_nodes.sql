-- eventstore/src/sql/count_tree_nodes.sql    $1 company   $2 height
-- How far the nodes of a height go: they are numbered from 0 without gaps.
SELECT coalesce(max(number), -1) + 1
FROM tree_nodes
WHERE company_id = $1 AND height = $2
