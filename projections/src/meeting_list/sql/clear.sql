-- projections/src/meeting_list/sql/clear.sql    $1 company   $2 generation   $3 limit
-- Bounded by the key, not by IN: one range of the index on either database, whatever it knows about the table.
DELETE FROM meeting_list
WHERE company_id = $1 AND generation = $2 AND journey_id <= (
    SELECT journey_id
    FROM (SELECT journey_id FROM meeting_list WHERE company_id = $1 AND generation = $2 ORDER BY journey_id LIMIT $3) AS batch
    ORDER BY journey_id DESC
    LIMIT 1
)
