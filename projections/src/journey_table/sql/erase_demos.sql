-- projections/src/journey_table/sql/erase_demos.sql    $1 company   $2 generation   $3 contacts
UPDATE journey_demos
SET reason = NULL
WHERE company_id = $1 AND generation = $2 AND contact_id IN ($3)
