-- eventstore/src/sql/repeated_event.sql    $1 company   $2 last position
-- The first event id that stands in the log more than once.
SELECT event_id, min(position) AS first_position, max(position) AS last_position
FROM events
WHERE company_id = $1 AND position <= $2
GROUP BY event_id
HAVING count(*) > 1
ORDER BY last_position
LIMIT 1
