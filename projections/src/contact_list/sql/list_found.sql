-- projections/src/contact_list/sql/list_found.sql    $1 company   $2 generation   $3 source   $4 product
--     $5 local day   $6 parts of the text   $7 the text   $8 parts of its digits   $9 its digits
--     $10 state   $11 $12 the last row seen   $13 limit
-- Those that hold a text, looked up by it and then put in order: the plus signs keep the index of the order away, and the first comparison
-- with each text finds by its index what the second one makes sure of.
WITH found AS MATERIALIZED (
    SELECT contact_id
    FROM contact_list_search
    WHERE company_id = $1 AND generation = $2 AND (search LIKE $6 AND search LIKE $7 ESCAPE '\' OR search LIKE $8 AND search LIKE $9 ESCAPE '\')
)
SELECT contact.contact_id, contact.name, contact.phones, contact.emails, contact.address, contact.reference, contact.state, contact.source_id,
       contact.product_id, contact.category, contact.primary_journey_id, contact.open_journeys, contact.added_at, contact.last_event_at, contact.version,
       contact.erased_at, contact.state_since, contact.merged_into, contact.bought, contact.demo_ever_set, contact.not_before
FROM found CROSS JOIN contact_list AS contact
WHERE contact.company_id = $1 AND contact.generation = $2 AND contact.contact_id = found.contact_id
    AND (contact.source_id = $3 OR $3 IS NULL)
    AND (contact.product_id = $4 OR $4 IS NULL)
    AND (contact.not_before <= $5 OR $5 IS NULL OR contact.not_before IS NULL)
    AND contact.merged_into IS NULL AND contact.erased_at IS NULL
    AND (contact.state = $10 OR $10 IS NULL)
    AND (+contact.last_event_at, contact.contact_id) < ($11, $12)
ORDER BY +contact.last_event_at DESC, contact.contact_id DESC
LIMIT $13
