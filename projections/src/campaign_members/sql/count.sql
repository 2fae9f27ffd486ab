-- projections/src/campaign_members/sql/count.sql    $1 company   $2 generation
SELECT campaign_id, COUNT(CASE WHEN left_at IS NULL THEN 1 END) AS members, COUNT(returned_at) AS returned, COUNT(left_at) AS gone
FROM campaign_members
WHERE company_id = $1 AND generation = $2
GROUP BY campaign_id
