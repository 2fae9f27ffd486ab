-- projections/src/figures/sql/all.sql    $1 company   $2 generation   $3 $4 the last row seen   $5 limit
SELECT journey_id, contact_id, origin, source_id, product_id, category, campaign, opened_at,
       set_at, scheduler_id, issued_at, rep_id, meeting_at, result, demoed, rehash_rep_id,
       net_sold_minor, pending_minor, outcome, closed_at, valid_from, known_from, position
FROM journey_table
WHERE company_id = $1 AND generation = $2 AND (journey_id, contact_id) > ($3, $4)
ORDER BY journey_id, contact_id
LIMIT $5
