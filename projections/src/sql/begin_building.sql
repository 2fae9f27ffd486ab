-- projections/src/sql/begin_building.sql    $1 company   $2 read model   $3 last generation given out   $4 the next one   $5 its revision   $6 hash of nothing
UPDATE projections
SET building = $4, building_revision = $5, building_position = 0, building_hash = $6, last_generation = $4
WHERE company_id = $1 AND name = $2 AND last_generation = $3
