-- eventstore/src/sql/sqlite/copy_checkpoints.sql    $1 company; `source` is the database that is copied
INSERT INTO checkpoints (company_id, size, note)
SELECT company_id, size, note
FROM source.checkpoints
WHERE company_id = $1
