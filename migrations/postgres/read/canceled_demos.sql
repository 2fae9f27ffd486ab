-- Demos that were canceled, one row each. Instants are microseconds since 1970.
CREATE TABLE IF NOT EXISTS canceled_demos (
    company_id   uuid NOT NULL,
    generation   bigint NOT NULL,
    position     bigint NOT NULL,
    contact_id   uuid NOT NULL,
    journey_id   uuid NOT NULL,
    meeting_id   uuid NOT NULL,
    source_id    uuid NOT NULL,
    product_id   uuid NOT NULL,
    category     text,
    scheduler_id uuid NOT NULL,
    rep_id       uuid,
    start_at     bigint NOT NULL,
    set_at       bigint NOT NULL,
    canceled_at  bigint NOT NULL,
    reason       text,
    asked_by     text,
    actor        text NOT NULL,
    reason_id    uuid,
    note         text,
    PRIMARY KEY (company_id, generation, position)
);

CREATE INDEX IF NOT EXISTS canceled_demos_by_cancel ON canceled_demos (company_id, generation, canceled_at, position);

-- What the fold must remember of each journey until its demos are held or canceled.
CREATE TABLE IF NOT EXISTS canceled_demos_journeys (
    company_id uuid NOT NULL,
    generation bigint NOT NULL,
    journey_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    workings   text NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id)
) WITH (fillfactor = 80);
