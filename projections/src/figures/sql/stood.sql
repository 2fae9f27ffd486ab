-- projections/src/figures/sql/stood.sql    $1 company   $2 generation   $3 as of   $4 $5 $6 the last row seen   $7 limit
-- Journeys that have changed since an instant, as they stood then, by when they changed. That is the last column.
SELECT journey_id, contact_id, origin, source_id, product_id, category, campaign, opened_at,
       set_at, scheduler_id, issued_at, rep_id, meeting_at, result, demoed, rehash_rep_id,
       net_sold_minor, pending_minor, outcome, closed_at, valid_from, known_from, position, valid_until
FROM journey_table_versions
WHERE company_id = $1 AND generation = $2 AND valid_until > $3 AND valid_from <= $3 AND (valid_until, journey_id, contact_id) > ($4, $5, $6)
ORDER BY valid_until, journey_id, contact_id
LIMIT $7
