-- projections/src/contact_list/sql/save.sql    one row: $1 company   $2 generation, then the columns in the order they are named
INSERT INTO contact_list (company_id, generation, contact_id, name, phones, emails, address, reference, search, state, source_id, product_id,
       category, primary_journey_id, open_journeys, added_at, last_event_at, version, erased_at, state_since, merged_into, bought, demo_ever_set, not_before, workings)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
ON CONFLICT (company_id, generation, contact_id) DO UPDATE
SET name = excluded.name, phones = excluded.phones, emails = excluded.emails, address = excluded.address,
    reference = excluded.reference, search = excluded.search, state = excluded.state,
    source_id = excluded.source_id, product_id = excluded.product_id, category = excluded.category,
    primary_journey_id = excluded.primary_journey_id, open_journeys = excluded.open_journeys,
    added_at = excluded.added_at, last_event_at = excluded.last_event_at, version = excluded.version, erased_at = excluded.erased_at,
    state_since = excluded.state_since, merged_into = excluded.merged_into,
    bought = excluded.bought, demo_ever_set = excluded.demo_ever_set, not_before = excluded.not_before,
    workings = excluded.workings
