-- projections/src/journey_table/sql/demos.sql    $1 company   $2 generation
SELECT position, meeting_id, contact_id, journey_id, source_id, product_id, category, scheduler_id, rep_id,
       set_at, start_at, canceled_at, reason_id, reason, valid_from, known_from, valid_until, known_until
FROM journey_demos
WHERE company_id = $1 AND generation = $2
ORDER BY position, meeting_id
