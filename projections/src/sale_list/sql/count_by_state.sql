-- projections/src/sale_list/sql/count_by_state.sql    $1 company   $2 generation   $3 from   $4 to   $5 job status   $6 job standing   $7 rep
--     $8 product   $9 contact   $10 parts of the text   $11 the text   $12 parts of its digits   $13 its digits   $14 generation of contact_list
--     $15 task   $16 state   $17 how far to count
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
            FROM contact_list_search
            WHERE company_id = $1 AND generation = $14 AND (search LIKE $10 AND search LIKE $11 ESCAPE '\' OR search LIKE $12 AND search LIKE $13 ESCAPE '\')
        ))
        AND ($15 = 'release_lien' AND lien_release_owed = 1 OR $15 = 'refund' AND balance_minor < 0 OR $15 IS NULL)
        AND (state = $16 OR $16 IS NULL)
    LIMIT $17
) AS counted
GROUP BY state
