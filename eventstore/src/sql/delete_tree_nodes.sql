-- eventstore/src/sql/delete_tree_nodes.sql    $1 company
DELETE FROM tree_nodes
WHERE company_id = $1
