-- projections/src/meeting_list/sql/journeys.sql    $1 company   $2 generation
SELECT journey_id, contact_id, source_id, product_id
FROM meeting_list_journeys
WHERE company_id = $1 AND generation = $2
ORDER BY journey_id, contact_id
