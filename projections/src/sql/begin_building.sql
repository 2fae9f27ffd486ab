-- projections/src/sql/begin_building.sql    $1 company   $2 read model   $3 last generation given out   $4 the next one   $5 its revision   $6 $7 position and hash up to which histories are taken in
UPDATE projections
SET building = $4, building_revision = $5, building_position = $6, building_hash = $7,
    building_events = 0, building_stream_kind = NULL, building_stream_id = NULL, last_generation = $4
WHERE company_id = $1 AND name = $2 AND last_generation = $3
