-- projections/src/sql/drop_building.sql    $1 company   $2 read model   $3 generation
UPDATE projections
SET building = NULL, building_revision = NULL, building_position = NULL, building_hash = NULL,
    building_events = NULL, building_stream_kind = NULL, building_stream_id = NULL
WHERE company_id = $1 AND name = $2 AND building = $3
