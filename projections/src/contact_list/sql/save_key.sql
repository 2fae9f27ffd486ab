-- projections/src/contact_list/sql/save_key.sql    one row: $1 company   $2 generation   $3 contact   $4 kind   $5 value
INSERT INTO contact_list_keys (company_id, generation, contact_id, kind, value)
VALUES ($1, $2, $3, $4, $5)
