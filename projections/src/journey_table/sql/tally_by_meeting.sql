-- projections/src/journey_table/sql/tally_by_meeting.sql    $1 company   $2 generation   $3 as of   $4 from   $5 until   $6 by key (0, 1)   $7 by product (0, 1)
-- The journeys that stand since then or longer, of one slot.
SELECT key_id, product_id, COUNT(*) AS leads, CAST(SUM(net_sold_minor) AS bigint) AS net_sold_minor
FROM (
    SELECT CASE WHEN $6 = 1 THEN rep_id END AS key_id, CASE WHEN $7 = 1 THEN product_id END AS product_id, net_sold_minor
    FROM journey_table
    WHERE company_id = $1 AND generation = $2 AND (outcome IS NULL OR outcome <> 'voided') AND valid_from <= $3 AND meeting_at >= $4 AND meeting_at < $5
) AS standing
GROUP BY key_id, product_id
