-- projections/src/sql/read_current.sql    $1 company   $2 read model
SELECT heads.position AS head, projections.generation, projections.position, projections.hash
FROM heads
LEFT JOIN projections ON projections.company_id = $1 AND projections.name = $2
WHERE heads.company_id = $1
