-- projections/src/journey_table/sql/one.sql    $1 company   $2 generation   $3 journey   $4 as of   $5 known at
-- Ids are made by clients and are unique within a contact; should two contacts share one, the first contact answers.
SELECT journey_id, contact_id, origin, source_id, product_id, category, campaign, opened_at,
       set_at, scheduler_id, issued_at, rep_id, meeting_at, result, demoed, rehash_rep_id,
       net_sold_minor, pending_minor, outcome, closed_at, valid_from, known_from, position
FROM (
    SELECT journey_id, contact_id, origin, source_id, product_id, category, campaign, opened_at,
       set_at, scheduler_id, issued_at, rep_id, meeting_at, result, demoed, rehash_rep_id,
       net_sold_minor, pending_minor, outcome, closed_at, valid_from, known_from, position
    FROM journey_table
    WHERE company_id = $1 AND generation = $2 AND journey_id = $3 AND valid_from <= $4 AND known_from <= $5
    UNION ALL
    SELECT journey_id, contact_id, origin, source_id, product_id, category, campaign, opened_at,
       set_at, scheduler_id, issued_at, rep_id, meeting_at, result, demoed, rehash_rep_id,
       net_sold_minor, pending_minor, outcome, closed_at, valid_from, known_from, position
    FROM journey_table_versions
    WHERE company_id = $1 AND generation = $2 AND journey_id = $3 AND valid_from <= $4 AND known_from <= $5 AND (valid_until > $4 OR known_until > $5)
) AS standing
ORDER BY contact_id
LIMIT 1
