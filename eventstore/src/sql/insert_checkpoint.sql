-- eventstore/src/sql/insert_checkpoint.sql    $1 company   $2 size   $3 note
INSERT INTO checkpoints (company_id, size, note)
VALUES ($1, $2, $3)
