-- projections/src/journey_table/sql/clear.sql    $1 company   $2 generation   $3 limit
DELETE FROM journey_table
WHERE company_id = $1 AND generation = $2 AND (journey_id, contact_id) IN (
    SELECT journey_id, contact_id
    FROM journey_table
    WHERE company_id = $1 AND generation = $2
    LIMIT $3
)
