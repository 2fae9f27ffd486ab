-- eventstore/src/sql/begin_log.sql    $1 company   $2 log   $3 hash before the first event
-- An empty log takes the identity of the one it is about to continue.
UPDATE heads
SET log_id = $2, hash = $3
WHERE company_id = $1 AND position = 0
