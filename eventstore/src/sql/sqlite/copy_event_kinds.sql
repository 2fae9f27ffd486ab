-- eventstore/src/sql/sqlite/copy_event_kinds.sql    $1 company; `source` is the database that is copied
INSERT INTO event_kinds (company_id, kind, format, position)
SELECT company_id, kind, format, position
FROM source.event_kinds
WHERE company_id = $1
