-- projections/src/sql/advance_histories.sql    $1 company   $2 position up to which histories are taken in   $3 events so far   $4 events now, none at the end   $5 $6 kind and id of the last stream   $7 read models, each as name:generation
UPDATE projections
SET building_events = $4, building_stream_kind = $5, building_stream_id = $6
WHERE company_id = $1 AND building_position = $2 AND building_events = $3 AND name || ':' || CAST(building AS text) IN ($7)
