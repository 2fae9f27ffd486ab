-- Each quote as it stands. Instants are microseconds since 1970; `entered` is JSON: each state with the instant at which it was last entered.
-- `workings` is what the fold must remember.
CREATE TABLE IF NOT EXISTS quote_list (
    company_id     BLOB NOT NULL,
    generation     INTEGER NOT NULL,
    quote_id       BLOB NOT NULL,
    contact_id     BLOB NOT NULL,
    journey_id     BLOB NOT NULL,
    product_id     BLOB NOT NULL,
    rep_id         BLOB NOT NULL,
    state          TEXT NOT NULL,
    state_since    INTEGER NOT NULL,
    total_minor    INTEGER NOT NULL,
    valid_until    INTEGER,
    entered        TEXT NOT NULL,
    replaces_id    BLOB,
    replaced_by_id BLOB,
    workings       TEXT NOT NULL,
    PRIMARY KEY (company_id, generation, quote_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS quote_list_by_since ON quote_list (company_id, generation, state_since);
CREATE INDEX IF NOT EXISTS quote_list_by_contact ON quote_list (company_id, generation, contact_id);
