-- projections/src/sql/note_fault.sql    $1 company   $2 read model   $3 position   $4 text
UPDATE projections
SET fault_position = $3, fault_text = $4
WHERE company_id = $1 AND name = $2
