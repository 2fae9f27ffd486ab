-- projections/src/journey_table/sql/count.sql    $1 company   $2 generation   $3 as of   $4 from   $5 to   $6 source   $7 scheduler
--     $8 rep   $9 rehash rep   $10 product   $11 outcome   $12 open (0, 1)   $13 contact   $14 given to a rehash rep (0, 1)
--     $15 known at, the largest number for whatever was ever known   $16 basis   $17 how far to count
-- An absent value filters nothing, but voided journeys are listed only when they are asked for. The comparison comes first, so that the type of the marker is known.
SELECT COUNT(*) AS found
FROM (
    SELECT journey_id
    FROM (
        SELECT journey_id, contact_id, source_id, product_id, opened_at, set_at, scheduler_id, issued_at, rep_id, meeting_at, rehash_rep_id, outcome, closed_at
        FROM journey_table
        WHERE company_id = $1 AND generation = $2 AND valid_from <= $3 AND known_from <= $15
        UNION ALL
        SELECT journey_id, contact_id, source_id, product_id, opened_at, set_at, scheduler_id, issued_at, rep_id, meeting_at, rehash_rep_id, outcome, closed_at
        FROM journey_table_versions
        WHERE company_id = $1 AND generation = $2 AND valid_from <= $3 AND known_from <= $15 AND valid_until > $3
        UNION ALL
        SELECT journey_id, contact_id, source_id, product_id, opened_at, set_at, scheduler_id, issued_at, rep_id, meeting_at, rehash_rep_id, outcome, closed_at
        FROM journey_table_versions
        WHERE $15 < 9223372036854775807 AND company_id = $1 AND generation = $2 AND valid_until <= $3 AND known_from <= $15 AND known_until > $15
    ) AS standing
    WHERE CASE WHEN $16 = 'opened' THEN opened_at WHEN $16 = 'set' THEN set_at WHEN $16 = 'issued' THEN issued_at ELSE meeting_at END BETWEEN $4 AND $5
        AND (source_id = $6 OR $6 IS NULL)
        AND (scheduler_id = $7 OR $7 IS NULL)
        AND (rep_id = $8 OR $8 IS NULL)
        AND (rehash_rep_id = $9 OR $9 IS NULL)
        AND (product_id = $10 OR $10 IS NULL)
        AND (outcome = $11 OR $11 IS NULL AND (outcome IS NULL OR outcome <> 'voided'))
        AND (CASE WHEN closed_at IS NULL THEN 1 ELSE 0 END = $12 OR $12 IS NULL)
        AND (contact_id = $13 OR $13 IS NULL)
        AND (CASE WHEN rehash_rep_id IS NULL THEN 0 ELSE 1 END = $14 OR $14 IS NULL)
    LIMIT $17
) AS counted
