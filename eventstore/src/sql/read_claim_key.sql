-- eventstore/src/sql/read_claim_key.sql    $1 company
SELECT claim_key
FROM claim_keys
WHERE company_id = $1
