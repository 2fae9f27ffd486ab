-- projections/src/contact_list/sql/sqlite/forget_search.sql    $1 company   $2 generation   $3 contacts
-- The columns of what the index keeps have numbers there, and an index of their own by company, generation and contact.
DELETE FROM contact_list_search
WHERE company_id = $1 AND rowid IN (SELECT id FROM contact_list_search_content WHERE c0 = $1 AND c1 = $2 AND c2 IN ($3))
