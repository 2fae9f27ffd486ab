-- projections/src/contact_list/sql/load.sql    $1 company   $2 generation   $3 contacts
SELECT contact_id, name, phones, emails, address, reference, state, source_id, product_id,
       category, primary_journey_id, open_journeys, added_at, last_event_at, version, erased_at, state_since, merged_into, bought, demo_ever_set, not_before, workings
FROM contact_list
WHERE company_id = $1 AND generation = $2 AND contact_id IN ($3)
