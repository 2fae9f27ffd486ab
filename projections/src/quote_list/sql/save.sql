-- projections/src/quote_list/sql/save.sql    one row: $1 company   $2 generation, then the columns in the order they are named
INSERT INTO quote_list (company_id, generation, quote_id, contact_id, journey_id, product_id, rep_id, state, state_since, total_minor, valid_until, entered, replaces_id, replaced_by_id,
       workings)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (company_id, generation, quote_id, contact_id) DO UPDATE
SET journey_id = excluded.journey_id, product_id = excluded.product_id, rep_id = excluded.rep_id, state = excluded.state,
    state_since = excluded.state_since, total_minor = excluded.total_minor, valid_until = excluded.valid_until, entered = excluded.entered,
    replaces_id = excluded.replaces_id, replaced_by_id = excluded.replaced_by_id, workings = excluded.workings
