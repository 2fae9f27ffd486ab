-- Each journey as it stands, and how it stood before. Instants are microseconds since 1970.

-- `workings` is what the fold must remember and no reader needs: the demos that stand issued, the sales.
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
    demoed          INTEGER,
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

CREATE INDEX IF NOT EXISTS journey_table_by_contact ON journey_table (company_id, generation, contact_id);
CREATE INDEX IF NOT EXISTS journey_table_by_opening ON journey_table (company_id, generation, opened_at);
CREATE INDEX IF NOT EXISTS journey_table_by_set ON journey_table (company_id, generation, set_at) WHERE set_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS journey_table_by_issue ON journey_table (company_id, generation, issued_at) WHERE issued_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS journey_table_by_meeting ON journey_table (company_id, generation, meeting_at) WHERE meeting_at IS NOT NULL;

-- A row that was replaced: true in business from `valid_from` until just before `valid_until`, and known to be so
-- from `known_from` until just before `known_until`. `position` is the event that brought it.
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
    demoed          INTEGER,
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
    PRIMARY KEY (company_id, generation, journey_id, contact_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS journey_table_versions_by_end ON journey_table_versions (company_id, generation, valid_until, valid_from);

-- Demos that were set, and what became of them: a row for each spell in which all of it was so. What still is has the largest
-- numbers for its end. Demos of voided journeys are in no figure, and have no row from then on.
CREATE TABLE IF NOT EXISTS journey_demos (
    company_id      BLOB NOT NULL,
    generation      INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    meeting_id      BLOB NOT NULL,
    contact_id      BLOB NOT NULL,
    journey_id      BLOB NOT NULL,
    source_id       BLOB NOT NULL,
    product_id      BLOB NOT NULL,
    category        TEXT,
    scheduler_id    BLOB NOT NULL,
    rep_id          BLOB,
    set_at          INTEGER NOT NULL,
    start_at        INTEGER NOT NULL,
    canceled_at     INTEGER,
    reason_id       BLOB,
    reason          TEXT,
    valid_from      INTEGER NOT NULL,
    known_from      INTEGER NOT NULL,
    valid_until     INTEGER NOT NULL,
    known_until     INTEGER NOT NULL,
    PRIMARY KEY (company_id, generation, position, meeting_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS journey_demos_by_set ON journey_demos (company_id, generation, set_at);
CREATE INDEX IF NOT EXISTS journey_demos_by_cancel ON journey_demos (company_id, generation, canceled_at) WHERE canceled_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS journey_demos_by_contact ON journey_demos (company_id, generation, contact_id);

-- What moved the sales: official ones, and those that wait for approval. A row for each spell in which all of it was so, as above.
CREATE TABLE IF NOT EXISTS journey_movements (
    company_id      BLOB NOT NULL,
    generation      INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    sale_id         BLOB NOT NULL,
    number          INTEGER NOT NULL,
    contact_id      BLOB NOT NULL,
    journey_id      BLOB NOT NULL,
    product_id      BLOB NOT NULL,
    rep_id          BLOB NOT NULL,
    kind            TEXT NOT NULL,
    amount_minor    INTEGER NOT NULL,
    dated_at        INTEGER NOT NULL,
    official        INTEGER NOT NULL,
    valid_from      INTEGER NOT NULL,
    known_from      INTEGER NOT NULL,
    valid_until     INTEGER NOT NULL,
    known_until     INTEGER NOT NULL,
    PRIMARY KEY (company_id, generation, position, sale_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS journey_movements_by_date ON journey_movements (company_id, generation, dated_at);
