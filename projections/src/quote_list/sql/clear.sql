-- projections/src/quote_list/sql/clear.sql    $1 company   $2 generation   $3 limit
-- Bounded by the key, not by IN: one range of the index on either database, whatever it knows about the table.
DELETE FROM quote_list
WHERE company_id = $1 AND generation = $2 AND quote_id <= (
    SELECT quote_id
    FROM (SELECT quote_id FROM quote_list WHERE company_id = $1 AND generation = $2 ORDER BY quote_id LIMIT $3) AS batch
    ORDER BY quote_id DESC
    LIMIT 1
)
