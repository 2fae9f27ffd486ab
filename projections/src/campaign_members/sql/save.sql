-- projections/src/campaign_members/sql/save.sql    one row: $1 company   $2 generation, then the columns in the order they are named
INSERT INTO campaign_members (company_id, generation, contact_id, campaign_id, joined_at, left_at, journey_id, returned_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (company_id, generation, contact_id, campaign_id) DO UPDATE
SET joined_at = excluded.joined_at, left_at = excluded.left_at, journey_id = excluded.journey_id, returned_at = excluded.returned_at
