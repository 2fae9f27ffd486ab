-- projections/src/canceled_demos/sql/list.sql    $1 company   $2 generation   $3 from   $4 to   $5 source   $6 product   $7 scheduler
--     $8 rep   $9 reason   $10 contact   $11 $12 the last row seen   $13 limit   $14 reason of a list
-- An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT position, contact_id, journey_id, meeting_id, source_id, product_id, category,
       scheduler_id, rep_id, start_at, set_at, canceled_at, reason, asked_by, actor, reason_id, note
FROM canceled_demos
WHERE company_id = $1 AND generation = $2 AND canceled_at >= $3 AND canceled_at <= $4
    AND (source_id = $5 OR $5 IS NULL)
    AND (product_id = $6 OR $6 IS NULL)
    AND (scheduler_id = $7 OR $7 IS NULL)
    AND (rep_id = $8 OR $8 IS NULL)
    AND (reason = $9 OR $9 IS NULL)
    AND (reason_id = $14 OR $14 IS NULL)
    AND (contact_id = $10 OR $10 IS NULL)
    AND (canceled_at, position) < ($11, $12)
ORDER BY canceled_at DESC, position DESC
LIMIT $13
