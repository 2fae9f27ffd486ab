-- projections/src/contact_list/sql/postgres/clear_search.sql    $1 company   $2 generation   $3 limit
-- Bounded by the key, not by IN: one range of the index, whatever is known about the table.
DELETE FROM contact_list_search
WHERE company_id = $1 AND generation = $2 AND contact_id <= (
    SELECT contact_id
    FROM (SELECT contact_id FROM contact_list_search WHERE company_id = $1 AND generation = $2 ORDER BY contact_id LIMIT $3) AS batch
    ORDER BY contact_id DESC
    LIMIT 1
)
