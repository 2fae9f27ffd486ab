-- eventstore/src/sql/create_migrations.sql    no binds: the list of what ran belongs to no company
CREATE TABLE IF NOT EXISTS migrations (
    file     VARCHAR(200) NOT NULL PRIMARY KEY,
    checksum VARCHAR(64) NOT NULL
)
