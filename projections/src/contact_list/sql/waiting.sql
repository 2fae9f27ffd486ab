-- projections/src/contact_list/sql/waiting.sql    $1 company   $2 generation   $3 state   $4 1: since it came into the state, 0: since its last event
--     $5 who waits since then or longer   $6 $7 the last row seen   $8 limit
SELECT contact_id, name, phones, emails, address, reference, state, source_id, product_id,
       category, primary_journey_id, open_journeys, added_at, last_event_at, version, erased_at, state_since, merged_into, bought, demo_ever_set, not_before
FROM contact_list
WHERE company_id = $1 AND generation = $2 AND state = $3 AND merged_into IS NULL AND erased_at IS NULL
    AND CASE WHEN $4 = 1 THEN state_since ELSE last_event_at END <= $5
    AND (CASE WHEN $4 = 1 THEN state_since ELSE last_event_at END, contact_id) > ($6, $7)
ORDER BY CASE WHEN $4 = 1 THEN state_since ELSE last_event_at END, contact_id
LIMIT $8
