-- Each sale as it stands, with its job. Instants are microseconds since 1970, amounts minor units. `workings` is what the fold must remember.
CREATE TABLE IF NOT EXISTS sale_list (
    company_id        BLOB NOT NULL,
    generation        INTEGER NOT NULL,
    sale_id           BLOB NOT NULL,
    contact_id        BLOB NOT NULL,
    journey_id        BLOB NOT NULL,
    quote_id          BLOB NOT NULL,
    product_id        BLOB NOT NULL,
    rep_id            BLOB NOT NULL,
    state             TEXT NOT NULL,
    state_since       INTEGER NOT NULL,
    needs_approval    INTEGER NOT NULL,
    contract_minor    INTEGER NOT NULL,
    balance_minor     INTEGER NOT NULL,
    job_status        TEXT NOT NULL,
    job_standing      TEXT NOT NULL,
    signed_at         INTEGER NOT NULL,
    approved_at       INTEGER,
    canceled_at       INTEGER,
    due_since         INTEGER,
    lien_release_owed INTEGER NOT NULL,
    workings          TEXT NOT NULL,
    PRIMARY KEY (company_id, generation, sale_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS sale_list_by_signature ON sale_list (company_id, generation, signed_at);
CREATE INDEX IF NOT EXISTS sale_list_by_contact ON sale_list (company_id, generation, contact_id);
