-- projections/src/meeting_list/sql/load.sql    $1 company   $2 generation   $3 journeys
-- Each journey with each of its meetings; one without meetings once.
SELECT j.journey_id, j.contact_id, m.meeting_id, m.kind, m.meeting_type_id, m.confirm_and_issue, m.state, m.state_since, m.start_at,
       m.length_minutes, m.scheduler_id, m.rep_id, m.second_rep_id, m.result, m.demoed, m.source_id, m.product_id, m.set_at, m.confirmed_at,
       m.issued_at, m.ended_at, m.workings, j.source_id, j.product_id
FROM meeting_list_journeys AS j
    LEFT JOIN meeting_list AS m
    ON m.company_id = $1 AND m.generation = $2 AND m.journey_id = j.journey_id AND m.contact_id = j.contact_id
WHERE j.company_id = $1 AND j.generation = $2 AND j.journey_id IN ($3)
