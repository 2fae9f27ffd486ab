-- Each contact as it stands. Instants are microseconds since 1970; phones, emails and bought are JSON lists of text.
-- `search` holds everything a contact can be found by, in lower case; `workings` is what the fold must remember.
CREATE TABLE IF NOT EXISTS contact_list (
    company_id         BLOB NOT NULL,
    generation         INTEGER NOT NULL,
    contact_id         BLOB NOT NULL,
    name               TEXT,
    phones             TEXT NOT NULL,
    emails             TEXT NOT NULL,
    address            TEXT,
    reference          TEXT,
    search             TEXT NOT NULL,
    state              TEXT NOT NULL,
    source_id          BLOB NOT NULL,
    product_id         BLOB NOT NULL,
    category           TEXT,
    primary_journey_id BLOB,
    open_journeys      INTEGER NOT NULL,
    added_at           INTEGER NOT NULL,
    last_event_at      INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    erased_at          INTEGER,
    state_since        INTEGER,
    merged_into        BLOB,
    bought             TEXT,
    demo_ever_set      INTEGER,
    not_before         TEXT,
    workings           TEXT NOT NULL,
    PRIMARY KEY (company_id, generation, contact_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS contact_list_by_last_event ON contact_list (company_id, generation, last_event_at, contact_id);
CREATE INDEX IF NOT EXISTS contact_list_by_state ON contact_list (company_id, generation, state);
CREATE INDEX IF NOT EXISTS contact_list_by_survivor ON contact_list (company_id, generation, merged_into) WHERE merged_into IS NOT NULL;

-- By what another contact may be the same: its telephone numbers in E.164, e-mail addresses, property and building, each in one spelling.
CREATE TABLE IF NOT EXISTS contact_list_keys (
    company_id BLOB NOT NULL,
    generation INTEGER NOT NULL,
    contact_id BLOB NOT NULL,
    kind       TEXT NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (company_id, generation, contact_id, kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS contact_list_keys_by_value ON contact_list_keys (company_id, generation, value, contact_id);

-- Each contact by every three characters in a row of what it can be found by, in lower case; one that can be found by nothing is left out.
-- What is kept beside the index is named c0, c1 … by the index itself.
CREATE VIRTUAL TABLE IF NOT EXISTS contact_list_search USING fts5 (
    company_id UNINDEXED,
    generation UNINDEXED,
    contact_id UNINDEXED,
    search,
    tokenize = 'trigram', detail = none, columnsize = 0
);

CREATE INDEX IF NOT EXISTS contact_list_search_by_contact ON contact_list_search_content (c0, c1, c2);
