-- projections/src/contact_list/sql/postgres/forget_search.sql    $1 company   $2 generation   $3 contacts
DELETE FROM contact_list_search
WHERE company_id = $1 AND generation = $2 AND contact_id IN ($3)
