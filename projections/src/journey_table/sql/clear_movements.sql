-- projections/src/journey_table/sql/clear_movements.sql    $1 company   $2 generation   $3 limit
-- Bounded by the key, not by IN: one range of the index on either database, whatever it knows about the table.
DELETE FROM journey_movements
WHERE company_id = $1 AND generation = $2 AND position <= (
    SELECT position
    FROM (SELECT position FROM journey_movements WHERE company_id = $1 AND generation = $2 ORDER BY position LIMIT $3) AS batch
    ORDER BY position DESC
    LIMIT 1
)
