-- eventstore/src/sql/clear_claims.sql    $1 company
DELETE FROM claims
WHERE company_id = $1
