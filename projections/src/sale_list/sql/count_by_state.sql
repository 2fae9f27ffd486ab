-- projections/src/sale_list/sql/count_by_state.sql    $1 company   $2 generation   $3 from   $4 to   $5 job status   $6 job standing   $7 rep
--     $8 product   $9 contact   $10 pattern of text   $11 pattern of digits   $12 generation of contact_list
--     $13 task   $14 state   $15 how far to count
-- An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT state, COUNT(*) AS found
FROM (
    SELECT state
    FROM sale_list
    WHERE company_id = $1 AND generation = $2
        AND signed_at >= $3 AND signed_at <= $4
        AND (job_status = $5 OR $5 IS NULL)
        AND (job_standing = $6 OR $6 IS NULL)
        AND (rep_id = $7 OR $7 IS NULL)
        AND (product_id = $8 OR $8 IS NULL)
        AND (contact_id = $9 OR $9 IS NULL)
        AND (CAST($10 AS text) IS NULL OR contact_id IN (
            SELECT contact_id
            FROM contact_list
            WHERE company_id = $1 AND generation = $12 AND (search LIKE $10 ESCAPE '\' OR search LIKE $11 ESCAPE '\')
        ))
        AND ($13 = 'release_lien' AND lien_release_owed = 1 OR $13 = 'refund' AND balance_minor < 0 OR $13 IS NULL)
        AND (state = $14 OR $14 IS NULL)
    LIMIT $15
) AS counted
GROUP BY state
