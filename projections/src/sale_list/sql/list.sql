-- projections/src/sale_list/sql/list.sql    $1 company   $2 generation   $3 from   $4 to   $5 job status   $6 job standing   $7 rep
--     $8 product   $9 contact   $10 parts of the text   $11 the text   $12 parts of its digits   $13 its digits   $14 generation of contact_list
--     $15 task   $16 state   $17 $18 $19 the last row seen   $20 limit
-- An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT sale_id, contact_id, journey_id, quote_id, product_id, rep_id, state, state_since, needs_approval, contract_minor, balance_minor, job_status,
       job_standing, signed_at, approved_at, canceled_at, due_since, lien_release_owed
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
    AND (signed_at, sale_id, contact_id) < ($17, $18, $19)
ORDER BY signed_at DESC, sale_id DESC, contact_id DESC
LIMIT $20
