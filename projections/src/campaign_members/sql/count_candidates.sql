-- projections/src/campaign_members/sql/count_candidates.sql    $1 company   $2 generation of the contacts   $3 generation of the members   $4 campaign
--     $5 states, each between commas   $6 source   $7 product   $8 category   $9 pattern of what is bought   $10 of what must not be
--     $11 whether a demo was ever set   $12 before this instant   $13 today
-- The same condition as in candidates.sql.
SELECT COUNT(*) AS contacts
FROM contact_list AS contact
WHERE contact.company_id = $1 AND contact.generation = $2
    AND contact.erased_at IS NULL AND contact.merged_into IS NULL AND contact.state <> 'do_not_contact'
    AND ($5 LIKE '%,' || contact.state || ',%' OR $5 IS NULL)
    AND (contact.source_id = $6 OR $6 IS NULL)
    AND (contact.product_id = $7 OR $7 IS NULL)
    AND (contact.category = $8 OR $8 IS NULL)
    AND (contact.bought LIKE $9 OR $9 IS NULL)
    AND (contact.bought NOT LIKE $10 OR $10 IS NULL)
    AND (contact.demo_ever_set = $11 OR $11 IS NULL)
    AND contact.last_event_at < $12
    AND (contact.not_before <= $13 OR contact.not_before IS NULL)
    AND NOT EXISTS (
        SELECT 1
        FROM campaign_members AS member
        WHERE member.company_id = $1 AND member.generation = $3 AND member.contact_id = contact.contact_id AND member.campaign_id = $4
    )
