-- projections/src/contact_list/sql/count_by_state.sql    $1 company   $2 generation   $3 source   $4 product
--     $5 local day   $6 state   $7 how far to count
-- A contact that is found under another one, or was forgotten, is left out. An absent value filters nothing. The comparison comes first, so that the type of the marker is known.
SELECT state, COUNT(*) AS contacts
FROM (
    SELECT state
    FROM contact_list
    WHERE company_id = $1 AND generation = $2
        AND (source_id = $3 OR $3 IS NULL)
        AND (product_id = $4 OR $4 IS NULL)
        AND (not_before <= $5 OR $5 IS NULL OR not_before IS NULL)
        AND merged_into IS NULL AND erased_at IS NULL
        AND (state = $6 OR $6 IS NULL)
    LIMIT $7
) AS counted
GROUP BY state
