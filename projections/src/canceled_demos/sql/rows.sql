-- projections/src/canceled_demos/sql/rows.sql    $1 company   $2 generation
SELECT position, contact_id, journey_id, meeting_id, source_id, product_id, category,
       scheduler_id, rep_id, start_at, set_at, canceled_at, reason, asked_by, actor, reason_id, note
FROM canceled_demos
WHERE company_id = $1 AND generation = $2
ORDER BY position
