-- Read models of step 3: whether a demo counts as demoed; which reason of the company's list a cancel had, and a note.
-- Where the tables are there they gain their columns, and are filled by the rebuild that their revision asks for; SQLite adds
-- columns only to a table that exists, so a new database makes them first as they were.
CREATE TABLE IF NOT EXISTS journey_table (
    company_id      BLOB NOT NULL,
    generation      INTEGER NOT NULL,
    journey_id      BLOB NOT NULL,
    contact_id      BLOB NOT NULL,
    origin          TEXT NOT NULL,
    source_id       BLOB NOT NULL,
    product_id      BLOB NOT NULL,
    category        TEXT,
    campaign        TEXT,
    opened_at       INTEGER NOT NULL,
    set_at          INTEGER,
    scheduler_id    BLOB,
    issued_at       INTEGER,
    rep_id          BLOB,
    meeting_at      INTEGER,
    result          TEXT,
    rehash_rep_id   BLOB,
    net_sold_minor  INTEGER NOT NULL,
    pending_minor   INTEGER NOT NULL,
    outcome         TEXT,
    closed_at       INTEGER,
    valid_from      INTEGER NOT NULL,
    known_from      INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    workings        TEXT NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS journey_table_versions (
    company_id      BLOB NOT NULL,
    generation      INTEGER NOT NULL,
    journey_id      BLOB NOT NULL,
    contact_id      BLOB NOT NULL,
    origin          TEXT NOT NULL,
    source_id       BLOB NOT NULL,
    product_id      BLOB NOT NULL,
    category        TEXT,
    campaign        TEXT,
    opened_at       INTEGER NOT NULL,
    set_at          INTEGER,
    scheduler_id    BLOB,
    issued_at       INTEGER,
    rep_id          BLOB,
    meeting_at      INTEGER,
    result          TEXT,
    rehash_rep_id   BLOB,
    net_sold_minor  INTEGER NOT NULL,
    pending_minor   INTEGER NOT NULL,
    outcome         TEXT,
    closed_at       INTEGER,
    valid_from      INTEGER NOT NULL,
    known_from      INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    valid_until     INTEGER NOT NULL,
    known_until     INTEGER NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id, valid_from)
) STRICT, WITHOUT ROWID;

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
    PRIMARY KEY (company_id, generation, position)
) STRICT;

ALTER TABLE journey_table ADD COLUMN demoed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journey_table_versions ADD COLUMN demoed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE canceled_demos ADD COLUMN reason_id BLOB;
ALTER TABLE canceled_demos ADD COLUMN note TEXT;
