-- eventstore/src/sql/sqlite/list_columns.sql    $1 table
SELECT name
FROM pragma_table_info($1)
