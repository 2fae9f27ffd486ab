-- projections/src/meeting_list/sql/save.sql    one row: $1 company   $2 generation, then the columns in the order they are named
INSERT INTO meeting_list (company_id, generation, journey_id, contact_id, meeting_id, kind, meeting_type_id, confirm_and_issue, state, state_since, start_at, length_minutes, scheduler_id,
       rep_id, second_rep_id, result, demoed, source_id, product_id, set_at, confirmed_at, issued_at, ended_at, workings)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
ON CONFLICT (company_id, generation, journey_id, contact_id, meeting_id) DO UPDATE
SET kind = excluded.kind, meeting_type_id = excluded.meeting_type_id, confirm_and_issue = excluded.confirm_and_issue, state = excluded.state,
    state_since = excluded.state_since, start_at = excluded.start_at, length_minutes = excluded.length_minutes,
    scheduler_id = excluded.scheduler_id, rep_id = excluded.rep_id, second_rep_id = excluded.second_rep_id, result = excluded.result,
    demoed = excluded.demoed, source_id = excluded.source_id, product_id = excluded.product_id, set_at = excluded.set_at,
    confirmed_at = excluded.confirmed_at, issued_at = excluded.issued_at, ended_at = excluded.ended_at, workings = excluded.workings
