-- Demos that were canceled, one row each. Instants are microseconds since 1970.
CREATE TABLE IF NOT EXISTS canceled_demos (
    company_id   BLOB NOT NULL,
    generation   INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    contact_id   BLOB NOT NULL,
    journey_id   BLOB NOT NULL,
    meeting_id   BLOB NOT NULL,
    source_id    BLOB NOT NULL,
    product_id   BLOB NOT NULL,
    category     TEXT,
    scheduler_id BLOB NOT NULL,
    rep_id       BLOB,
    start_at     INTEGER NOT NULL,
    set_at       INTEGER NOT NULL,
    canceled_at  INTEGER NOT NULL,
    reason       TEXT,
    asked_by     TEXT,
    actor        TEXT NOT NULL,
    reason_id    BLOB,
    note         TEXT,
    PRIMARY KEY (company_id, generation, position)
) STRICT;

CREATE INDEX IF NOT EXISTS canceled_demos_by_cancel ON canceled_demos (company_id, generation, canceled_at, position);

-- What the fold must remember of each journey until its demos are held or canceled.
CREATE TABLE IF NOT EXISTS canceled_demos_journeys (
    company_id BLOB NOT NULL,
    generation INTEGER NOT NULL,
    journey_id BLOB NOT NULL,
    contact_id BLOB NOT NULL,
    workings   TEXT NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id)
) STRICT, WITHOUT ROWID;
