-- eventstore/src/sql/sqlite/has_tables.sql    no binds: whether this database holds our tables
SELECT name
FROM sqlite_schema
WHERE type = 'table' AND name = 'heads'
