-- projections/src/journey_table/sql/list_demos_by_cancel.sql    $1 company   $2 generation   $3 from   $4 to   $5 as of   $6 known at   $7 source
--     $8 category   $9 product   $10 scheduler   $11 rep   $12 reason of a list   $13 reason in words   $14 issued (0, 1)   $15 canceled (0, 1)
--     $16 contact   $17 $18 $19 the last row seen   $20 limit   $21 with a category (0, 1)   $22 with a reason (0, 1)
-- An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT meeting_id, contact_id, journey_id, source_id, product_id, category, scheduler_id, rep_id,
       set_at, start_at, canceled_at, reason_id, reason
FROM journey_demos
WHERE company_id = $1 AND generation = $2 AND canceled_at >= $3 AND canceled_at <= $4
    AND valid_from <= $5 AND known_from <= $6 AND (valid_until > $5 OR known_until > $6)
    AND (source_id = $7 OR $7 IS NULL)
    AND (category = $8 OR $8 IS NULL)
    AND (CASE WHEN category IS NULL THEN 0 ELSE 1 END = $21 OR $21 IS NULL)
    AND (product_id = $9 OR $9 IS NULL)
    AND (scheduler_id = $10 OR $10 IS NULL)
    AND (rep_id = $11 OR $11 IS NULL)
    AND (reason_id = $12 OR $12 IS NULL)
    AND (reason = $13 OR $13 IS NULL)
    AND (CASE WHEN reason_id IS NULL AND reason IS NULL THEN 0 ELSE 1 END = $22 OR $22 IS NULL)
    AND (CASE WHEN rep_id IS NULL THEN 0 ELSE 1 END = $14 OR $14 IS NULL)
    AND (CASE WHEN canceled_at IS NULL THEN 0 ELSE 1 END = $15 OR $15 IS NULL)
    AND (contact_id = $16 OR $16 IS NULL)
    AND (canceled_at, meeting_id, contact_id) < ($17, $18, $19)
ORDER BY canceled_at DESC, meeting_id DESC, contact_id DESC
LIMIT $20
