-- projections/src/journey_table/sql/clear_versions.sql    $1 company   $2 generation   $3 limit
DELETE FROM journey_table_versions
WHERE company_id = $1 AND generation = $2 AND (journey_id, contact_id, valid_from) IN (
    SELECT journey_id, contact_id, valid_from
    FROM journey_table_versions
    WHERE company_id = $1 AND generation = $2
    LIMIT $3
)
