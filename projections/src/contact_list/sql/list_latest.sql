-- projections/src/contact_list/sql/list_latest.sql    $1 company   $2 generation   $3 source   $4 product
--     $5 local day   $6 pattern of the text   $7 pattern of its digits   $8 state   $9 $10 the last row seen   $11 limit
--     $12 among how many
-- Those that hold a text among the next contacts in the order, for a text that many hold: its contacts lie close together there.
SELECT contact_id, name, phones, emails, address, reference, state, source_id, product_id,
       category, primary_journey_id, open_journeys, added_at, last_event_at, version, erased_at, state_since, merged_into, bought, demo_ever_set, not_before
FROM (
    SELECT contact_id, name, phones, emails, address, reference, state, source_id, product_id,
       category, primary_journey_id, open_journeys, added_at, last_event_at, version, erased_at, state_since, merged_into, bought, demo_ever_set, not_before, search
    FROM contact_list
    WHERE company_id = $1 AND generation = $2 AND (last_event_at, contact_id) < ($9, $10)
    ORDER BY last_event_at DESC, contact_id DESC
    LIMIT $12
) AS latest
WHERE (source_id = $3 OR $3 IS NULL)
    AND (product_id = $4 OR $4 IS NULL)
    AND (not_before <= $5 OR $5 IS NULL OR not_before IS NULL)
    AND (search LIKE $6 ESCAPE '\' OR search LIKE $7 ESCAPE '\')
    AND merged_into IS NULL AND erased_at IS NULL
    AND (state = $8 OR $8 IS NULL)
ORDER BY last_event_at DESC, contact_id DESC
LIMIT $11
