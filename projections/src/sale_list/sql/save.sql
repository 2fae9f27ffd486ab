-- projections/src/sale_list/sql/save.sql    one row: $1 company   $2 generation, then the columns in the order they are named
INSERT INTO sale_list (company_id, generation, sale_id, contact_id, journey_id, quote_id, product_id, rep_id, state, state_since, needs_approval, contract_minor, balance_minor, job_status,
       job_standing, signed_at, approved_at, canceled_at, due_since, lien_release_owed, workings)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
ON CONFLICT (company_id, generation, sale_id, contact_id) DO UPDATE
SET journey_id = excluded.journey_id, quote_id = excluded.quote_id, product_id = excluded.product_id, rep_id = excluded.rep_id,
    state = excluded.state, state_since = excluded.state_since, needs_approval = excluded.needs_approval,
    contract_minor = excluded.contract_minor, balance_minor = excluded.balance_minor, job_status = excluded.job_status,
    job_standing = excluded.job_standing, signed_at = excluded.signed_at, approved_at = excluded.approved_at, canceled_at = excluded.canceled_at,
    due_since = excluded.due_since, lien_release_owed = excluded.lien_release_owed, workings = excluded.workings
