-- eventstore/src/sql/list_migrations.sql    no binds: the list of what ran belongs to no company
SELECT file, checksum
FROM migrations
ORDER BY file
