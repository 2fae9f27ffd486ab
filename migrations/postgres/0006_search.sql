-- Indexes by three characters in a row (pg_trgm) that begin with the company (btree_gin). Both come with PostgreSQL; who may create
-- something in the database may create them, and where somebody else has, nothing is left to do.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
