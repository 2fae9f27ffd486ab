-- projections/src/sql/advance_building.sql    $1 company   $2 read model   $3 generation   $4 old position   $5 old hash   $6 new position   $7 new hash
UPDATE projections
SET building_position = $6, building_hash = $7
WHERE company_id = $1 AND name = $2 AND building = $3 AND building_position = $4 AND building_hash = $5
