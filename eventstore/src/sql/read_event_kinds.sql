-- eventstore/src/sql/read_event_kinds.sql    $1 company
SELECT position, kind, format
FROM event_kinds
WHERE company_id = $1
ORDER BY position
