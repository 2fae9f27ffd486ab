-- eventstore/src/sql/insert_tree_node.sql    one row: $1 company   $2 height   $3 number   $4 hash
-- Whoever else derives it at the same time comes to the same hash.
INSERT INTO tree_nodes (company_id, height, number, hash)
VALUES ($1, $2, $3, $4)
ON CONFLICT (company_id, height, number) DO NOTHING
