-- projections/src/campaign_members/sql/load.sql    $1 company   $2 generation   $3 contacts
SELECT contact_id, campaign_id, joined_at, left_at, journey_id, returned_at
FROM campaign_members
WHERE company_id = $1 AND generation = $2 AND contact_id IN ($3)
