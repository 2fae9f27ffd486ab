-- projections/src/sql/insert_checkpoint.sql    one row: $1 company, then the columns in the order they are named
INSERT INTO projections (company_id, name, revision, generation, position, hash, last_generation, swept_below)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING
