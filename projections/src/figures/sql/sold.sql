-- projections/src/figures/sql/sold.sql    $1 company   $2 generation
-- The net sold of all journeys, and of those that were voided: they are in no figure, and their sales stay.
SELECT CAST(COALESCE(SUM(net_sold_minor), 0) AS bigint) AS net_sold_minor,
    CAST(COALESCE(SUM(CASE WHEN outcome = 'voided' THEN net_sold_minor ELSE 0 END), 0) AS bigint) AS voided_minor
FROM journey_table
WHERE company_id = $1 AND generation = $2
