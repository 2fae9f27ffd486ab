-- eventstore/src/sql/sqlite/list_objects.sql    no binds: what a file is made of belongs to no company
SELECT type, name, tbl_name
FROM sqlite_schema
ORDER BY type, name
