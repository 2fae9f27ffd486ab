-- projections/src/meeting_list/sql/rows.sql    $1 company   $2 generation
SELECT journey_id, contact_id, meeting_id, kind, meeting_type_id, confirm_and_issue, state, state_since, start_at, length_minutes, scheduler_id,
       rep_id, second_rep_id, result, demoed, source_id, product_id, set_at, confirmed_at, issued_at, ended_at, workings
FROM meeting_list
WHERE company_id = $1 AND generation = $2
ORDER BY journey_id, contact_id, meeting_id
