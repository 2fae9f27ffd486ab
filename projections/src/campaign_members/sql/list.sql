-- projections/src/campaign_members/sql/list.sql    $1 company   $2 generation of the members   $3 generation of the contacts
--     $4 campaign   $5 standing   $6 $7 the last row seen   $8 limit
-- An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT contact.contact_id, contact.name, contact.phones, contact.emails, contact.address, contact.reference, contact.state, contact.source_id, contact.product_id,
       contact.category, contact.primary_journey_id, contact.open_journeys, contact.added_at, contact.last_event_at, contact.version, contact.erased_at, contact.state_since, contact.merged_into, contact.bought, contact.demo_ever_set, contact.not_before,
       member.joined_at, member.left_at, member.journey_id, member.returned_at
FROM campaign_members AS member
JOIN contact_list AS contact ON contact.company_id = $1 AND contact.generation = $3 AND contact.contact_id = member.contact_id
WHERE member.company_id = $1 AND member.generation = $2 AND member.campaign_id = $4
    AND (CASE WHEN member.left_at IS NOT NULL THEN 'left' WHEN member.returned_at IS NOT NULL THEN 'returned' ELSE 'waiting' END = $5 OR $5 IS NULL)
    AND (member.joined_at, member.contact_id) < ($6, $7)
ORDER BY member.joined_at DESC, member.contact_id DESC
LIMIT $8
