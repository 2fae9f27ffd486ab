-- Each quote as it stands. Instants are microseconds since 1970; `entered` is JSON: each state with the instant at which it was last entered.
-- `workings` is what the fold must remember.
CREATE TABLE IF NOT EXISTS quote_list (
    company_id     uuid NOT NULL,
    generation     bigint NOT NULL,
    quote_id       uuid NOT NULL,
    contact_id     uuid NOT NULL,
    journey_id     uuid NOT NULL,
    product_id     uuid NOT NULL,
    rep_id         uuid NOT NULL,
    state          text NOT NULL,
    state_since    bigint NOT NULL,
    total_minor    bigint NOT NULL,
    valid_until    bigint,
    entered        text NOT NULL,
    replaces_id    uuid,
    replaced_by_id uuid,
    workings       text NOT NULL,
    PRIMARY KEY (company_id, generation, quote_id, contact_id)
) WITH (fillfactor = 80);

CREATE INDEX IF NOT EXISTS quote_list_by_since ON quote_list (company_id, generation, state_since);
CREATE INDEX IF NOT EXISTS quote_list_by_contact ON quote_list (company_id, generation, contact_id);
