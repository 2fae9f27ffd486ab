-- projections/src/figures/sql/movements.sql    $1 company   $2 generation   $3 from   $4 until   $5 as of   $6 known at   $7 product
-- What moved sales between two instants, the second not included, as it stood and was known then. An absent product filters nothing.
SELECT rep_id, kind, official, COUNT(*) AS movements, CAST(SUM(amount_minor) AS bigint) AS amount_minor
FROM journey_movements
WHERE company_id = $1 AND generation = $2 AND dated_at >= $3 AND dated_at < $4
    AND valid_from <= $5 AND known_from <= $6 AND (valid_until > $5 OR known_until > $6)
    AND (product_id = $7 OR $7 IS NULL)
GROUP BY rep_id, kind, official
