-- eventstore/src/sql/postgres/list_columns.sql    $1 table
SELECT CAST(column_name AS text)
FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = $1
