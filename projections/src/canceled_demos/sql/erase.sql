-- projections/src/canceled_demos/sql/erase.sql    $1 company   $2 generation   $3 contacts
UPDATE canceled_demos
SET reason = NULL, note = NULL
WHERE company_id = $1 AND generation = $2 AND contact_id IN ($3)
