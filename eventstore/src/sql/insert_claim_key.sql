-- eventstore/src/sql/insert_claim_key.sql    $1 company   $2 key
INSERT INTO claim_keys (company_id, claim_key)
VALUES ($1, $2)
ON CONFLICT DO NOTHING
