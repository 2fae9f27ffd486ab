-- projections/src/contact_list/sql/clear_keys.sql    $1 company   $2 generation   $3 limit
-- Bounded by the key, not by IN: one range of the index on either database, whatever it knows about the table.
DELETE FROM contact_list_keys
WHERE company_id = $1 AND generation = $2 AND contact_id <= (
    SELECT contact_id
    FROM (SELECT contact_id FROM contact_list_keys WHERE company_id = $1 AND generation = $2 ORDER BY contact_id LIMIT $3) AS batch
    ORDER BY contact_id DESC
    LIMIT 1
)
