-- projections/src/figures/sql/changed.sql    $1 company   $2 generation   $3 as of   $4 known at   $5 $6 the last row seen   $7 limit
-- Journeys that have changed since, or of which more was recorded since, as they stand now.
SELECT journey_id, contact_id, origin, source_id, product_id, category, campaign, opened_at,
       set_at, scheduler_id, issued_at, rep_id, meeting_at, result, demoed, rehash_rep_id,
       net_sold_minor, pending_minor, outcome, closed_at, valid_from, known_from, position
FROM journey_table
WHERE company_id = $1 AND generation = $2 AND (valid_from > $3 OR known_from > $4) AND (journey_id, contact_id) > ($5, $6)
ORDER BY journey_id, contact_id
LIMIT $7
