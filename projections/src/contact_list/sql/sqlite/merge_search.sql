-- projections/src/contact_list/sql/sqlite/merge_search.sql    $1 what the index is to do with itself
INSERT INTO contact_list_search (contact_list_search)
VALUES ($1)
