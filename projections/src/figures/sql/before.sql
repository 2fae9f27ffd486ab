-- projections/src/figures/sql/before.sql    $1 company   $2 generation   $3 position   $4 journeys
-- How these journeys stood up to a position, and before that; the last row of each is how it stood then.
SELECT journey_id, contact_id, origin, source_id, product_id, category, campaign, opened_at,
       set_at, scheduler_id, issued_at, rep_id, meeting_at, result, demoed, rehash_rep_id,
       net_sold_minor, pending_minor, outcome, closed_at, valid_from, known_from, position
FROM journey_table_versions
WHERE company_id = $1 AND generation = $2 AND position <= $3 AND journey_id IN ($4)
