-- projections/src/canceled_demos/sql/clear_journeys.sql    $1 company   $2 generation   $3 limit
DELETE FROM canceled_demos_journeys
WHERE company_id = $1 AND generation = $2 AND (journey_id, contact_id) IN (
    SELECT journey_id, contact_id
    FROM canceled_demos_journeys
    WHERE company_id = $1 AND generation = $2
    LIMIT $3
)
