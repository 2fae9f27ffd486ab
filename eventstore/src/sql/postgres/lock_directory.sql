-- eventstore/src/sql/postgres/lock_directory.sql    no binds; held until the company is made
-- The database's own lower() differs from ours, so a unique index would not do.
SELECT pg_advisory_xact_lock(7238046)
