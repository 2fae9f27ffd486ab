-- Each journey as it stands, and how it stood before. Instants are microseconds since 1970.

-- `workings` is what the fold must remember and no reader needs: the demos that stand issued, the sales.
-- Rows change often, so their pages keep room for new versions.
CREATE TABLE IF NOT EXISTS journey_table (
    company_id      uuid NOT NULL,
    generation      bigint NOT NULL,
    journey_id      uuid NOT NULL,
    contact_id      uuid NOT NULL,
    origin          text NOT NULL,
    source_id       uuid NOT NULL,
    product_id      uuid NOT NULL,
    category        text,
    campaign        text,
    opened_at       bigint NOT NULL,
    set_at          bigint,
    scheduler_id    uuid,
    issued_at       bigint,
    rep_id          uuid,
    meeting_at      bigint,
    result          text,
    demoed          bigint,
    rehash_rep_id   uuid,
    net_sold_minor  bigint NOT NULL,
    pending_minor   bigint NOT NULL,
    outcome         text,
    closed_at       bigint,
    valid_from      bigint NOT NULL,
    known_from      bigint NOT NULL,
    position        bigint NOT NULL,
    workings        text NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id)
) WITH (fillfactor = 80);

CREATE INDEX IF NOT EXISTS journey_table_by_contact ON journey_table (company_id, generation, contact_id);
CREATE INDEX IF NOT EXISTS journey_table_by_opening ON journey_table (company_id, generation, opened_at);
CREATE INDEX IF NOT EXISTS journey_table_by_set ON journey_table (company_id, generation, set_at) WHERE set_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS journey_table_by_issue ON journey_table (company_id, generation, issued_at) WHERE issued_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS journey_table_by_meeting ON journey_table (company_id, generation, meeting_at) WHERE meeting_at IS NOT NULL;

-- A row that was replaced: true in business from `valid_from` until just before `valid_until`, and known to be so
-- from `known_from` until just before `known_until`. `position` is the event that brought it.
CREATE TABLE IF NOT EXISTS journey_table_versions (
    company_id      uuid NOT NULL,
    generation      bigint NOT NULL,
    journey_id      uuid NOT NULL,
    contact_id      uuid NOT NULL,
    origin          text NOT NULL,
    source_id       uuid NOT NULL,
    product_id      uuid NOT NULL,
    category        text,
    campaign        text,
    opened_at       bigint NOT NULL,
    set_at          bigint,
    scheduler_id    uuid,
    issued_at       bigint,
    rep_id          uuid,
    meeting_at      bigint,
    result          text,
    demoed          bigint,
    rehash_rep_id   uuid,
    net_sold_minor  bigint NOT NULL,
    pending_minor   bigint NOT NULL,
    outcome         text,
    closed_at       bigint,
    valid_from      bigint NOT NULL,
    known_from      bigint NOT NULL,
    position        bigint NOT NULL,
    valid_until     bigint NOT NULL,
    known_until     bigint NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id, position)
);

CREATE INDEX IF NOT EXISTS journey_table_versions_by_end ON journey_table_versions (company_id, generation, valid_until, valid_from);

-- Demos that were set, and what became of them: a row for each spell in which all of it was so. What still is has the largest
-- numbers for its end. Demos of voided journeys are in no figure, and have no row from then on.
CREATE TABLE IF NOT EXISTS journey_demos (
    company_id      uuid NOT NULL,
    generation      bigint NOT NULL,
    position        bigint NOT NULL,
    meeting_id      uuid NOT NULL,
    contact_id      uuid NOT NULL,
    journey_id      uuid NOT NULL,
    source_id       uuid NOT NULL,
    product_id      uuid NOT NULL,
    category        text,
    scheduler_id    uuid NOT NULL,
    rep_id          uuid,
    set_at          bigint NOT NULL,
    start_at        bigint NOT NULL,
    canceled_at     bigint,
    reason_id       uuid,
    reason          text,
    valid_from      bigint NOT NULL,
    known_from      bigint NOT NULL,
    valid_until     bigint NOT NULL,
    known_until     bigint NOT NULL,
    PRIMARY KEY (company_id, generation, position, meeting_id)
) WITH (fillfactor = 80);

CREATE INDEX IF NOT EXISTS journey_demos_by_set ON journey_demos (company_id, generation, set_at);
CREATE INDEX IF NOT EXISTS journey_demos_by_cancel ON journey_demos (company_id, generation, canceled_at) WHERE canceled_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS journey_demos_by_contact ON journey_demos (company_id, generation, contact_id);

-- What moved the sales: official ones, and those that wait for approval. A row for each spell in which all of it was so, as above.
CREATE TABLE IF NOT EXISTS journey_movements (
    company_id      uuid NOT NULL,
    generation      bigint NOT NULL,
    position        bigint NOT NULL,
    sale_id         uuid NOT NULL,
    number          bigint NOT NULL,
    contact_id      uuid NOT NULL,
    journey_id      uuid NOT NULL,
    product_id      uuid NOT NULL,
    rep_id          uuid NOT NULL,
    kind            text NOT NULL,
    amount_minor    bigint NOT NULL,
    dated_at        bigint NOT NULL,
    official        bigint NOT NULL,
    valid_from      bigint NOT NULL,
    known_from      bigint NOT NULL,
    valid_until     bigint NOT NULL,
    known_until     bigint NOT NULL,
    PRIMARY KEY (company_id, generation, position, sale_id, number)
) WITH (fillfactor = 80);

CREATE INDEX IF NOT EXISTS journey_movements_by_date ON journey_movements (company_id, generation, dated_at);
