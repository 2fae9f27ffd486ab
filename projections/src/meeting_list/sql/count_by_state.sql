-- projections/src/meeting_list/sql/count_by_state.sql    $1 company   $2 generation   $3 from   $4 to   $5 kind   $6 type   $7 rep
--     $8 scheduler   $9 product   $10 source   $11 contact   $12 parts of the text   $13 the text   $14 parts of its digits   $15 its digits   $16 generation of contact_list
--     $17 state   $18 how far to count
-- An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT state, COUNT(*) AS found
FROM (
    SELECT state
    FROM meeting_list
    WHERE company_id = $1 AND generation = $2
        AND start_at >= $3 AND start_at <= $4
        AND (kind = $5 OR $5 IS NULL)
        AND (meeting_type_id = $6 OR $6 IS NULL)
        AND (rep_id = $7 OR second_rep_id = $7 OR $7 IS NULL)
        AND (scheduler_id = $8 OR $8 IS NULL)
        AND (product_id = $9 OR $9 IS NULL)
        AND (source_id = $10 OR $10 IS NULL)
        AND (contact_id = $11 OR $11 IS NULL)
        AND (CAST($12 AS text) IS NULL OR contact_id IN (
            SELECT contact_id
            FROM contact_list_search
            WHERE company_id = $1 AND generation = $16 AND (search LIKE $12 AND search LIKE $13 ESCAPE '\' OR search LIKE $14 AND search LIKE $15 ESCAPE '\')
        ))
        AND (state = $17 OR $17 IS NULL)
    LIMIT $18
) AS counted
GROUP BY state
