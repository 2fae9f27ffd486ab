-- projections/src/contact_list/sql/save_search.sql    one row: $1 company   $2 generation   $3 contact   $4 all it can be found by
INSERT INTO contact_list_search (company_id, generation, contact_id, search)
VALUES ($1, $2, $3, $4)
