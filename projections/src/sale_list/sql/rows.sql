-- projections/src/sale_list/sql/rows.sql    $1 company   $2 generation
SELECT sale_id, contact_id, journey_id, quote_id, product_id, rep_id, state, state_since, needs_approval, contract_minor, balance_minor, job_status,
       job_standing, signed_at, approved_at, canceled_at, due_since, lien_release_owed, workings
FROM sale_list
WHERE company_id = $1 AND generation = $2
ORDER BY sale_id, contact_id
