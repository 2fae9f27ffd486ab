-- projections/src/sql/advance_building.sql    $1 company   $2 old position   $3 old hash   $4 new position   $5 new hash   $6 read models, each as name:generation
UPDATE projections
SET building_position = $4, building_hash = $5
WHERE company_id = $1 AND building_position = $2 AND building_hash = $3 AND building_events IS NULL
  AND name || ':' || CAST(building AS text) IN ($6)
