-- projections/src/figures/sql/demos_by_set.sql    $1 company   $2 generation   $3 from   $4 until   $5 as of   $6 known at   $7 product   $8 by what
-- Demos between two instants, the second not included, as they stood and were known then. An absent product filters nothing.
-- By rep only demos are counted that have one, by reason only canceled ones.
SELECT key_id, key_words, COUNT(*) AS demos, CAST(SUM(canceled) AS bigint) AS canceled
FROM (
    SELECT CASE WHEN $8 = 'source' THEN source_id WHEN $8 = 'product' THEN product_id WHEN $8 = 'scheduler' THEN scheduler_id
            WHEN $8 = 'rep' THEN rep_id WHEN $8 = 'reason' THEN reason_id END AS key_id,
        CASE WHEN $8 = 'category' THEN category WHEN $8 = 'reason' AND reason_id IS NULL THEN reason END AS key_words,
        CASE WHEN canceled_at IS NULL THEN 0 ELSE 1 END AS canceled
    FROM journey_demos
    WHERE company_id = $1 AND generation = $2 AND set_at >= $3 AND set_at < $4
        AND valid_from <= $5 AND known_from <= $6 AND (valid_until > $5 OR known_until > $6)
        AND (product_id = $7 OR $7 IS NULL)
        AND (rep_id IS NOT NULL OR $8 <> 'rep')
        AND (canceled_at IS NOT NULL OR $8 <> 'reason')
) AS demos
GROUP BY key_id, key_words
