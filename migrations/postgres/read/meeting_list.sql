-- Each meeting that was ever made, as it stands. Instants are microseconds since 1970. `workings` is what the fold must remember.
CREATE TABLE IF NOT EXISTS meeting_list (
    company_id        uuid NOT NULL,
    generation        bigint NOT NULL,
    journey_id        uuid NOT NULL,
    contact_id        uuid NOT NULL,
    meeting_id        uuid NOT NULL,
    kind              text NOT NULL,
    meeting_type_id   uuid,
    confirm_and_issue bigint NOT NULL,
    state             text NOT NULL,
    state_since       bigint NOT NULL,
    start_at          bigint NOT NULL,
    length_minutes    bigint,
    scheduler_id      uuid NOT NULL,
    rep_id            uuid,
    second_rep_id     uuid,
    result            text,
    demoed            bigint NOT NULL,
    source_id         uuid NOT NULL,
    product_id        uuid NOT NULL,
    set_at            bigint NOT NULL,
    confirmed_at      bigint,
    issued_at         bigint,
    ended_at          bigint,
    workings          text NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id, meeting_id)
) WITH (fillfactor = 80);

CREATE INDEX IF NOT EXISTS meeting_list_by_start ON meeting_list (company_id, generation, start_at);
CREATE INDEX IF NOT EXISTS meeting_list_by_contact ON meeting_list (company_id, generation, contact_id);

-- What the meetings of each journey are about.
CREATE TABLE IF NOT EXISTS meeting_list_journeys (
    company_id uuid NOT NULL,
    generation bigint NOT NULL,
    journey_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    source_id  uuid NOT NULL,
    product_id uuid NOT NULL,
    PRIMARY KEY (company_id, generation, journey_id, contact_id)
) WITH (fillfactor = 80);
