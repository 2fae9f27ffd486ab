-- eventstore/src/sql/stray_receipt.sql    $1 company   $2 head position
-- The first receipt whose events are not the command's own, or not there.
SELECT receipts.first_position, receipts.last_position, receipts.command_id
FROM receipts
LEFT JOIN events AS opening
    ON opening.company_id = $1 AND opening.position = receipts.first_position
LEFT JOIN events AS closing
    ON closing.company_id = $1 AND closing.position = receipts.last_position
WHERE receipts.company_id = $1
    AND (receipts.first_position < 1
        OR receipts.last_position > $2
        OR receipts.first_position > receipts.last_position + 1
        OR (receipts.first_position <= receipts.last_position
            AND (opening.position IS NULL OR closing.position IS NULL
                OR opening.command_id <> receipts.command_id OR closing.command_id <> receipts.command_id
                OR opening.commit_end <> receipts.last_position OR closing.commit_end <> receipts.last_position)))
ORDER BY receipts.last_position
LIMIT 1
