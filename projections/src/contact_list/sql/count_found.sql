-- projections/src/contact_list/sql/count_found.sql    $1 company   $2 generation   $3 source   $4 product
--     $5 local day   $6 parts of the text   $7 the text   $8 parts of its digits   $9 its digits
--     $10 state   $11 how far to count
-- The first comparison with each text finds by its index what the second one makes sure of. Nothing is put in order, so that a count that
-- is not to go far reads no more than it counts.
SELECT state, COUNT(*) AS contacts
FROM (
    SELECT contact.state
    FROM contact_list_search AS found CROSS JOIN contact_list AS contact
    WHERE found.company_id = $1 AND found.generation = $2
        AND (found.search LIKE $6 AND found.search LIKE $7 ESCAPE '\' OR found.search LIKE $8 AND found.search LIKE $9 ESCAPE '\')
        AND contact.company_id = $1 AND contact.generation = $2 AND contact.contact_id = found.contact_id
        AND (contact.source_id = $3 OR $3 IS NULL)
        AND (contact.product_id = $4 OR $4 IS NULL)
        AND (contact.not_before <= $5 OR $5 IS NULL OR contact.not_before IS NULL)
        AND contact.merged_into IS NULL AND contact.erased_at IS NULL
        AND (contact.state = $10 OR $10 IS NULL)
    LIMIT $11
) AS counted
GROUP BY state
