-- Each contact as it stands. Instants are microseconds since 1970; phones, emails and bought are JSON lists of text.
-- `search` holds everything a contact can be found by, in lower case; `workings` is what the fold must remember.
CREATE TABLE IF NOT EXISTS contact_list (
    company_id         uuid NOT NULL,
    generation         bigint NOT NULL,
    contact_id         uuid NOT NULL,
    name               text,
    phones             text NOT NULL,
    emails             text NOT NULL,
    address            text,
    reference          text,
    search             text NOT NULL,
    state              text NOT NULL,
    source_id          uuid NOT NULL,
    product_id         uuid NOT NULL,
    category           text,
    primary_journey_id uuid,
    open_journeys      bigint NOT NULL,
    added_at           bigint NOT NULL,
    last_event_at      bigint NOT NULL,
    version            bigint NOT NULL,
    erased_at          bigint,
    state_since        bigint,
    merged_into        uuid,
    bought             text,
    demo_ever_set      bigint,
    not_before         text,
    workings           text NOT NULL,
    PRIMARY KEY (company_id, generation, contact_id)
);

CREATE INDEX IF NOT EXISTS contact_list_by_last_event ON contact_list (company_id, generation, last_event_at, contact_id);
CREATE INDEX IF NOT EXISTS contact_list_by_state ON contact_list (company_id, generation, state);
CREATE INDEX IF NOT EXISTS contact_list_by_survivor ON contact_list (company_id, generation, merged_into) WHERE merged_into IS NOT NULL;

-- By what another contact may be the same: its telephone numbers in E.164, e-mail addresses, property and building, each in one spelling.
CREATE TABLE IF NOT EXISTS contact_list_keys (
    company_id uuid NOT NULL,
    generation bigint NOT NULL,
    contact_id uuid NOT NULL,
    kind       text NOT NULL,
    value      text NOT NULL,
    PRIMARY KEY (company_id, generation, contact_id, kind, value)
);

CREATE INDEX IF NOT EXISTS contact_list_keys_by_value ON contact_list_keys (company_id, generation, value, contact_id);

-- Each contact by every three characters in a row of what it can be found by, in lower case; one that can be found by nothing is left out.
CREATE TABLE IF NOT EXISTS contact_list_search (
    company_id uuid NOT NULL,
    generation bigint NOT NULL,
    contact_id uuid NOT NULL,
    search     text NOT NULL,
    PRIMARY KEY (company_id, generation, contact_id)
);

CREATE INDEX IF NOT EXISTS contact_list_search_by_text ON contact_list_search USING gin (company_id, search gin_trgm_ops) WITH (gin_pending_list_limit = 512);
