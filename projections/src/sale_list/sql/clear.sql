-- projections/src/sale_list/sql/clear.sql    $1 company   $2 generation   $3 limit
-- Bounded by the key, not by IN: one range of the index on either database, whatever it knows about the table.
DELETE FROM sale_list
WHERE company_id = $1 AND generation = $2 AND sale_id <= (
    SELECT sale_id
    FROM (SELECT sale_id FROM sale_list WHERE company_id = $1 AND generation = $2 ORDER BY sale_id LIMIT $3) AS batch
    ORDER BY sale_id DESC
    LIMIT 1
)
