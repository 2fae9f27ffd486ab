-- projections/src/sale_list/sql/jobs.sql    $1 company   $2 generation   $3 contacts
SELECT contact_id, journey_id, sale_id, job_status, job_standing
FROM sale_list
WHERE company_id = $1 AND generation = $2 AND contact_id IN ($3)
ORDER BY contact_id, signed_at, sale_id
