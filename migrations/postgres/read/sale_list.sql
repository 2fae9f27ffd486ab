-- Each sale as it stands, with its job. Instants are microseconds since 1970, amounts minor units. `workings` is what the fold must remember.
CREATE TABLE IF NOT EXISTS sale_list (
    company_id        uuid NOT NULL,
    generation        bigint NOT NULL,
    sale_id           uuid NOT NULL,
    contact_id        uuid NOT NULL,
    journey_id        uuid NOT NULL,
    quote_id          uuid NOT NULL,
    product_id        uuid NOT NULL,
    rep_id            uuid NOT NULL,
    state             text NOT NULL,
    state_since       bigint NOT NULL,
    needs_approval    bigint NOT NULL,
    contract_minor    bigint NOT NULL,
    balance_minor     bigint NOT NULL,
    job_status        text NOT NULL,
    job_standing      text NOT NULL,
    signed_at         bigint NOT NULL,
    approved_at       bigint,
    canceled_at       bigint,
    due_since         bigint,
    lien_release_owed bigint NOT NULL,
    workings          text NOT NULL,
    PRIMARY KEY (company_id, generation, sale_id, contact_id)
) WITH (fillfactor = 80);

CREATE INDEX IF NOT EXISTS sale_list_by_signature ON sale_list (company_id, generation, signed_at);
CREATE INDEX IF NOT EXISTS sale_list_by_contact ON sale_list (company_id, generation, contact_id);
