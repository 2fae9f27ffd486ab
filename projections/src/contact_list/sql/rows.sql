-- projections/src/contact_list/sql/rows.sql    $1 company   $2 generation
SELECT contact_id, name, phones, emails, address, reference, search, state, source_id, product_id,
       category, primary_journey_id, open_journeys, added_at, last_event_at, version, erased_at, state_since, merged_into, bought, demo_ever_set, not_before, workings
FROM contact_list
WHERE company_id = $1 AND generation = $2
ORDER BY contact_id
