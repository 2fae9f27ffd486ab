-- eventstore/src/sql/insert_event_kind.sql    one row: $1 company   $2 kind   $3 format   $4 position
-- Another writer may have noted it meanwhile, at an earlier position.
INSERT INTO event_kinds (company_id, kind, format, position)
VALUES ($1, $2, $3, $4)
ON CONFLICT (company_id, kind, format) DO NOTHING
