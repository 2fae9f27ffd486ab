-- projections/src/journey_table/sql/list_movements.sql    $1 company   $2 generation   $3 from   $4 to   $5 as of   $6 known at   $7 rep
--     $8 product   $9 kind   $10 official (0, 1)   $11 contact   $12 $13 $14 $15 the last row seen   $16 limit
-- An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT sale_id, number, contact_id, journey_id, product_id, rep_id, kind, amount_minor, dated_at, official
FROM journey_movements
WHERE company_id = $1 AND generation = $2 AND dated_at >= $3 AND dated_at <= $4
    AND valid_from <= $5 AND known_from <= $6 AND (valid_until > $5 OR known_until > $6)
    AND (rep_id = $7 OR $7 IS NULL)
    AND (product_id = $8 OR $8 IS NULL)
    AND (kind = $9 OR $9 IS NULL)
    AND (official = $10 OR $10 IS NULL)
    AND (contact_id = $11 OR $11 IS NULL)
    AND (dated_at, sale_id, number, contact_id) < ($12, $13, $14, $15)
ORDER BY dated_at DESC, sale_id DESC, number DESC, contact_id DESC
LIMIT $16
