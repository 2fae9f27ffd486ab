-- projections/src/sql/flip.sql    $1 company   $2 read model   $3 generation that was built   $4 head position   $5 head hash
UPDATE projections
SET generation = building, revision = building_revision, position = building_position, hash = building_hash,
    building = NULL, building_revision = NULL, building_position = NULL, building_hash = NULL,
    building_events = NULL, building_stream_kind = NULL, building_stream_id = NULL,
    fault_position = NULL, fault_text = NULL
WHERE company_id = $1 AND name = $2 AND building = $3 AND building_position = $4 AND building_hash = $5 AND building_events IS NULL
