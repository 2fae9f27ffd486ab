-- projections/src/contact_list/sql/clear.sql    $1 company   $2 generation   $3 limit
DELETE FROM contact_list
WHERE company_id = $1 AND generation = $2 AND contact_id IN (
    SELECT contact_id
    FROM contact_list
    WHERE company_id = $1 AND generation = $2
    LIMIT $3
)
