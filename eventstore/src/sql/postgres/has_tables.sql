-- eventstore/src/sql/postgres/has_tables.sql    no binds: whether this database holds our tables
SELECT table_name
FROM information_schema.tables
WHERE table_schema = 'public' AND table_name = 'heads'
