-- projections/src/campaign_members/sql/rows.sql    $1 company   $2 generation
SELECT contact_id, campaign_id, joined_at, left_at, journey_id, returned_at
FROM campaign_members
WHERE company_id = $1 AND generation = $2
ORDER BY contact_id, campaign_id
