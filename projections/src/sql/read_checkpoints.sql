-- projections/src/sql/read_checkpoints.sql    $1 company
SELECT projections.name, projections.revision, projections.generation, projections.position, projections.hash,
       projections.building, projections.building_revision, projections.building_position, projections.building_hash,
       projections.building_events, projections.building_stream_kind, projections.building_stream_id,
       projections.last_generation, projections.swept_below, projections.fault_position, projections.fault_text,
       heads.position AS head
FROM projections
JOIN heads ON heads.company_id = $1
WHERE projections.company_id = $1
ORDER BY projections.name
