-- projections/src/journey_table/sql/save.sql    one row: $1 company   $2 generation, then the columns in the order they are named
INSERT INTO journey_table (company_id, generation, journey_id, contact_id, origin, source_id, product_id, category, campaign, opened_at,
       set_at, scheduler_id, issued_at, rep_id, meeting_at, result, demoed, rehash_rep_id,
       net_sold_minor, pending_minor, outcome, closed_at, valid_from, known_from, position,
       workings)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
ON CONFLICT (company_id, generation, journey_id, contact_id) DO UPDATE
SET source_id = excluded.source_id, product_id = excluded.product_id, category = excluded.category,
    set_at = excluded.set_at, scheduler_id = excluded.scheduler_id, issued_at = excluded.issued_at,
    rep_id = excluded.rep_id, meeting_at = excluded.meeting_at, result = excluded.result,
    demoed = excluded.demoed, rehash_rep_id = excluded.rehash_rep_id, net_sold_minor = excluded.net_sold_minor,
    pending_minor = excluded.pending_minor, outcome = excluded.outcome, closed_at = excluded.closed_at,
    valid_from = excluded.valid_from, known_from = excluded.known_from, position = excluded.position,
    workings = excluded.workings
