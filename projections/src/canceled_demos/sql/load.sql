-- projections/src/canceled_demos/sql/load.sql    $1 company   $2 generation   $3 journeys
SELECT journey_id, contact_id, workings
FROM canceled_demos_journeys
WHERE company_id = $1 AND generation = $2 AND journey_id IN ($3)
