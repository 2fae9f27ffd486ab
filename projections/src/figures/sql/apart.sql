-- projections/src/figures/sql/apart.sql    $1 company   $2 generation   $3 for ever   $4 limit
-- Journeys whose net sold is not what moved their official sales.
SELECT journey_table.journey_id, journey_table.contact_id, journey_table.position, journey_table.net_sold_minor, COALESCE(moved.amount_minor, 0) AS amount_minor
FROM journey_table
LEFT JOIN (
    SELECT company_id, journey_id, contact_id, CAST(SUM(amount_minor) AS bigint) AS amount_minor
    FROM journey_movements
    WHERE company_id = $1 AND generation = $2 AND official = 1 AND valid_until = $3
    GROUP BY company_id, journey_id, contact_id
) AS moved ON moved.company_id = journey_table.company_id AND moved.journey_id = journey_table.journey_id AND moved.contact_id = journey_table.contact_id
WHERE journey_table.company_id = $1 AND journey_table.generation = $2 AND journey_table.net_sold_minor <> COALESCE(moved.amount_minor, 0)
ORDER BY journey_table.journey_id, journey_table.contact_id
LIMIT $4
