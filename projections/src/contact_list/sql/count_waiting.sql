-- projections/src/contact_list/sql/count_waiting.sql    $1 company   $2 generation   $3 state   $4 1: since it came into the state, 0: since its last event
--     $5 who waits since then or longer
SELECT COUNT(*) AS contacts
FROM contact_list
WHERE company_id = $1 AND generation = $2 AND state = $3 AND merged_into IS NULL AND erased_at IS NULL
    AND CASE WHEN $4 = 1 THEN state_since ELSE last_event_at END <= $5
