-- projections/src/contact_list/sql/list.sql    $1 company   $2 generation   $3 source   $4 product
--     $5 local day   $6 state   $7 $8 the last row seen   $9 limit
-- A contact that is found under another one, or was forgotten, is left out. An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT contact_id, name, phones, emails, address, reference, state, source_id, product_id,
       category, primary_journey_id, open_journeys, added_at, last_event_at, version, erased_at, state_since, merged_into, bought, demo_ever_set, not_before
FROM contact_list
WHERE company_id = $1 AND generation = $2
    AND (source_id = $3 OR $3 IS NULL)
    AND (product_id = $4 OR $4 IS NULL)
    AND (not_before <= $5 OR $5 IS NULL OR not_before IS NULL)
    AND merged_into IS NULL AND erased_at IS NULL
    AND (state = $6 OR $6 IS NULL)
    AND (last_event_at, contact_id) < ($7, $8)
ORDER BY last_event_at DESC, contact_id DESC
LIMIT $9
