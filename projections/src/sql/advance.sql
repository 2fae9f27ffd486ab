-- projections/src/sql/advance.sql    $1 company   $2 old position   $3 old hash   $4 new position   $5 new hash   $6 read models, each as name:generation
-- The fence: whoever stands elsewhere, or writes another generation than the one in use, moves nothing.
UPDATE projections
SET position = $4, hash = $5, fault_position = NULL, fault_text = NULL
WHERE company_id = $1 AND position = $2 AND hash = $3 AND name || ':' || CAST(generation AS text) IN ($6)
