-- projections/src/journey_table/sql/versions.sql    $1 company   $2 generation
SELECT journey_id, contact_id, position, origin, source_id, product_id, category, campaign, opened_at,
       set_at, scheduler_id, issued_at, rep_id, meeting_at, result, demoed, rehash_rep_id,
       net_sold_minor, pending_minor, outcome, closed_at, valid_from, known_from, valid_until, known_until
FROM journey_table_versions
WHERE company_id = $1 AND generation = $2
ORDER BY journey_id, contact_id, position
