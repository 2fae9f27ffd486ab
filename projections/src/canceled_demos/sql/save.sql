-- projections/src/canceled_demos/sql/save.sql    one row: $1 company   $2 generation, then the columns in the order they are named
INSERT INTO canceled_demos (company_id, generation, position, contact_id, journey_id, meeting_id, source_id, product_id, category,
       scheduler_id, rep_id, start_at, set_at, canceled_at, reason, asked_by, actor, reason_id, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
