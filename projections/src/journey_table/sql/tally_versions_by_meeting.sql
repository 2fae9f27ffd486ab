-- projections/src/journey_table/sql/tally_versions_by_meeting.sql    $1 company   $2 generation   $3 as of   $4 from   $5 until   $6 by key (0, 1)   $7 by product (0, 1)
--     $8 $9 $10 $11 $12 $13 $14 the cuts after the first, rising
-- The journeys that changed after the as-of instant, as they stood then, of all slots. Slot 0 ends at the first of the cuts;
-- cuts that are not needed lie behind the as-of instant. Read by the end of the versions: none end after now.
SELECT key_id, product_id, slot, COUNT(*) AS leads, CAST(SUM(net_sold_minor) AS bigint) AS net_sold_minor
FROM (
    SELECT CASE WHEN $6 = 1 THEN rep_id END AS key_id, CASE WHEN $7 = 1 THEN product_id END AS product_id, net_sold_minor,
           CAST(CASE WHEN meeting_at < $8 THEN 0 WHEN meeting_at < $9 THEN 1 WHEN meeting_at < $10 THEN 2 WHEN meeting_at < $11 THEN 3
                     WHEN meeting_at < $12 THEN 4 WHEN meeting_at < $13 THEN 5 WHEN meeting_at < $14 THEN 6 ELSE 7 END AS bigint) AS slot
    FROM journey_table_versions
    WHERE company_id = $1 AND generation = $2 AND (outcome IS NULL OR outcome <> 'voided') AND valid_until > $3 AND valid_from <= $3 AND meeting_at >= $4 AND meeting_at < $5
) AS standing
GROUP BY key_id, product_id, slot
