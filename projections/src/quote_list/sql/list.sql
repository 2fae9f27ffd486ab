-- projections/src/quote_list/sql/list.sql    $1 company   $2 generation   $3 from   $4 to   $5 rep   $6 product
--     $7 contact   $8 parts of the text   $9 the text   $10 parts of its digits   $11 its digits   $12 generation of contact_list
--     $13 state   $14 $15 $16 the last row seen   $17 limit
-- An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT quote_id, contact_id, journey_id, product_id, rep_id, state, state_since, total_minor, valid_until, entered, replaces_id, replaced_by_id
FROM quote_list
WHERE company_id = $1 AND generation = $2
    AND state_since >= $3 AND state_since <= $4
    AND (rep_id = $5 OR $5 IS NULL)
    AND (product_id = $6 OR $6 IS NULL)
    AND (contact_id = $7 OR $7 IS NULL)
    AND (CAST($8 AS text) IS NULL OR contact_id IN (
        SELECT contact_id
        FROM contact_list_search
        WHERE company_id = $1 AND generation = $12 AND (search LIKE $8 AND search LIKE $9 ESCAPE '\' OR search LIKE $10 AND search LIKE $11 ESCAPE '\')
    ))
    AND (state = $13 OR $13 IS NULL)
    AND (state_since, quote_id, contact_id) < ($14, $15, $16)
ORDER BY state_since DESC, quote_id DESC, contact_id DESC
LIMIT $17
