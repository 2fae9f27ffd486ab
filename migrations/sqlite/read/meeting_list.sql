-- Each meeting that was ever made, as it stands. Instants are microseconds since 1970. `workings` is what the fold must remember.
CREATE TABLE IF NOT EXISTS meeting_list (
    company_id        BLOB NOT NULL,
    generation        INTEGER NOT NULL,
    journey_id        BLOB NOT NULL,
    contact_id        BLOB NOT NULL,
    meeting_id        BLOB NOT NULL,
    kind              TEXT NOT NULL,
    meeting_type_id   BLOB,
    confirm_and_issue INTEGER NOT NULL,
    state             TEXT NOT NULL,
    state_since       INTEGER NOT NULL,
    start_at          INTEGER NOT NULL,
    length_minutes    INTEGER,
    scheduler_id      BLOB NOT NULL,
    rep_id            BLOB,
    second_rep_id     BLOB,
    result            TEXT,
    demoed            INTEGER NOT NULL,
    source_id         BLOB NOT NULL,
    product_id        BLOB NOT NULL,
    set_at            INTEGER NOT NULL,
    confirmed_at      INTEGER,
    issued_at         INTEGER,
    ended_at          INTEGER,
    workings          TEXT NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id, meeting_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS meeting_list_by_start ON meeting_list (company_id, generation, start_at);
CREATE INDEX IF NOT EXISTS meeting_list_by_contact ON meeting_list (company_id, generation, contact_id);

-- What the meetings of each journey are about.
CREATE TABLE IF NOT EXISTS meeting_list_journeys (
    company_id BLOB NOT NULL,
    generation INTEGER NOT NULL,
    journey_id BLOB NOT NULL,
    contact_id BLOB NOT NULL,
    source_id  BLOB NOT NULL,
    product_id BLOB NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id)
) STRICT, WITHOUT ROWID;
