-- projections/src/contact_list/sql/forget_keys.sql    $1 company   $2 generation   $3 contacts
DELETE FROM contact_list_keys
WHERE company_id = $1 AND generation = $2 AND contact_id IN ($3)
