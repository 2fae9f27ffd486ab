-- projections/src/canceled_demos/sql/journeys.sql    $1 company   $2 generation
SELECT journey_id, contact_id, workings
FROM canceled_demos_journeys
WHERE company_id = $1 AND generation = $2
ORDER BY journey_id, contact_id
