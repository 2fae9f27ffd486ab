-- eventstore/src/sql/insert_migration.sql    $1 file   $2 checksum of its text
INSERT INTO migrations (file, checksum)
VALUES ($1, $2)
