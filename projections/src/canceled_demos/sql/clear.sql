-- projections/src/canceled_demos/sql/clear.sql    $1 company   $2 generation   $3 limit
DELETE FROM canceled_demos
WHERE company_id = $1 AND generation = $2 AND position IN (
    SELECT position
    FROM canceled_demos
    WHERE company_id = $1 AND generation = $2
    LIMIT $3
)
