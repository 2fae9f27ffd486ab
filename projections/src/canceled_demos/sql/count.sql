-- projections/src/canceled_demos/sql/count.sql    $1 company   $2 generation   $3 from   $4 to   $5 source   $6 product   $7 scheduler
--     $8 rep   $9 reason   $10 reason of a list   $11 contact   $12 how far to count
-- An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT COUNT(*) AS found
FROM (
    SELECT position
    FROM canceled_demos
    WHERE company_id = $1 AND generation = $2 AND canceled_at >= $3 AND canceled_at <= $4
        AND (source_id = $5 OR $5 IS NULL)
        AND (product_id = $6 OR $6 IS NULL)
        AND (scheduler_id = $7 OR $7 IS NULL)
        AND (rep_id = $8 OR $8 IS NULL)
        AND (reason = $9 OR $9 IS NULL)
        AND (reason_id = $10 OR $10 IS NULL)
        AND (contact_id = $11 OR $11 IS NULL)
    LIMIT $12
) AS counted
