-- eventstore/src/sql/postgres/lock_migrations.sql    no binds; held until the migration is committed
-- A table made twice at once fails, even with IF NOT EXISTS.
SELECT pg_advisory_xact_lock(7238045)
