-- The log of each company, and what is committed together with its events.
-- Instants are microseconds since 1970 in UTC; hashes are 32 bytes.

-- The directory: who there is. No key of the log points here, so that it can live in another database.
CREATE SCHEMA directory;

CREATE TABLE directory.companies (
    company_id uuid NOT NULL PRIMARY KEY,
    name       text NOT NULL,
    created_at bigint NOT NULL
);

-- One row per company: where its log ends. Whoever appends holds this row first. It changes with every
-- commit, so its page keeps room for new versions and is swept early.
CREATE TABLE heads (
    company_id       uuid NOT NULL PRIMARY KEY,
    log_id           uuid NOT NULL,
    position         bigint NOT NULL,
    hash             bytea NOT NULL,
    last_recorded_at bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- A company's key, wrapped by the master key, which lies outside the database.
CREATE TABLE company_keys (
    company_id uuid NOT NULL PRIMARY KEY,
    wrapped    bytea NOT NULL
);

-- The keys under which what is personal in a stream is sealed, wrapped by the company's key. A row without a key is that
-- of a stream that was erased.
CREATE TABLE stream_keys (
    company_id  uuid NOT NULL,
    stream_kind text NOT NULL,
    stream_id   uuid NOT NULL,
    wrapped     bytea,
    PRIMARY KEY (company_id, stream_kind, stream_id)
);

CREATE INDEX stream_keys_erased ON stream_keys (company_id) WHERE wrapped IS NULL;

-- The log. Rows are added and never changed. `commit_end` is the position of the last event of the same
-- command; `body` holds the exact bytes that were hashed.
CREATE TABLE events (
    company_id  uuid NOT NULL,
    position    bigint NOT NULL,
    commit_end  bigint NOT NULL,
    stream_kind text NOT NULL,
    stream_id   uuid NOT NULL,
    version     bigint NOT NULL,
    event_id    uuid NOT NULL,
    command_id  uuid NOT NULL,
    kind        text NOT NULL,
    format      bigint NOT NULL,
    occurred_at bigint NOT NULL,
    recorded_at bigint NOT NULL,
    actor       text NOT NULL,
    cause       text,
    body        bytea NOT NULL,
    hash        bytea NOT NULL,
    PRIMARY KEY (company_id, position),
    UNIQUE (company_id, stream_kind, stream_id, version)
);

-- Even the owner of the log may only read it and add to it. (A superuser is not held by this.)
REVOKE UPDATE, DELETE, TRUNCATE ON events FROM PUBLIC, CURRENT_USER;

-- Which kinds of events a log holds, and where each first stands, so that a version that does not know one of them is
-- told at once. Derived from events.
CREATE TABLE event_kinds (
    company_id uuid NOT NULL,
    kind       text NOT NULL,
    format     bigint NOT NULL,
    position   bigint NOT NULL,
    PRIMARY KEY (company_id, kind, format)
);

-- What is unique inside a company, and which stream holds it. `mac` covers kind and value. Derived from events.
CREATE TABLE claims (
    company_id  uuid NOT NULL,
    mac         bytea NOT NULL,
    kind        text NOT NULL,
    stream_kind text NOT NULL,
    stream_id   uuid NOT NULL,
    position    bigint NOT NULL,
    PRIMARY KEY (company_id, mac)
);

-- An erased stream lets all its claims go.
CREATE INDEX claims_by_stream ON claims (company_id, stream_kind, stream_id);

-- What an accepted command was answered. `receipt_id` covers who asked and their key, `request_mac` what was asked.
-- A command without events ends before it begins: first_position = last_position + 1.
CREATE TABLE receipts (
    company_id     uuid NOT NULL,
    receipt_id     bytea NOT NULL,
    request_mac    bytea NOT NULL,
    command_id     uuid NOT NULL,
    first_position bigint NOT NULL,
    last_position  bigint NOT NULL,
    expires_at     bigint,
    PRIMARY KEY (company_id, receipt_id)
);

CREATE INDEX receipts_by_expiry ON receipts (company_id, expires_at) WHERE expires_at IS NOT NULL;

-- What is to be done at an instant, armed by the event at `position`. `timer_id` covers stream and name. It is looked for at
-- `wake_at`; one that fired wakes nobody any more. Derived from events, but for that.
CREATE TABLE timers (
    company_id  uuid NOT NULL,
    timer_id    bytea NOT NULL,
    stream_kind text NOT NULL,
    stream_id   uuid NOT NULL,
    name        text NOT NULL,
    due_at      bigint NOT NULL,
    wake_at     bigint,
    position    bigint NOT NULL,
    PRIMARY KEY (company_id, timer_id)
);

CREATE INDEX timers_by_waking ON timers (company_id, wake_at);
CREATE INDEX timers_by_stream ON timers (company_id, stream_kind, stream_id);

-- Messages to the world that were not delivered yet. `message_id` follows from the log, the position and the message's number
-- there; where `of_event` is 0, somebody put it here beside the log.
CREATE TABLE outbox (
    company_id  uuid NOT NULL,
    message_id  uuid NOT NULL,
    position    bigint NOT NULL,
    of_event    bigint NOT NULL,
    topic       text NOT NULL,
    body        bytea NOT NULL,
    occurred_at bigint NOT NULL,
    due_at      bigint NOT NULL,
    attempts    bigint NOT NULL,
    PRIMARY KEY (company_id, message_id)
);

CREATE INDEX outbox_by_due ON outbox (company_id, due_at);

-- Who does the work beside the writer. `fence` rises with each taking, and what a holder changes is bound to it.
CREATE TABLE leases (
    company_id uuid NOT NULL,
    name       text NOT NULL,
    holder     uuid NOT NULL,
    fence      bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (company_id, name)
);

-- The Merkle tree over a log: the roots of complete subtrees of 2^height events, for every eighth height, numbered from 0.
-- Derived from events.
CREATE TABLE tree_nodes (
    company_id uuid NOT NULL,
    height     bigint NOT NULL,
    number     bigint NOT NULL,
    hash       bytea NOT NULL,
    PRIMARY KEY (company_id, height, number)
);

-- What a log of `size` events had come to, signed. Rows are added and never changed.
CREATE TABLE checkpoints (
    company_id uuid NOT NULL,
    size       bigint NOT NULL,
    note       text NOT NULL,
    PRIMARY KEY (company_id, size)
);

REVOKE UPDATE, DELETE, TRUNCATE ON checkpoints FROM PUBLIC, CURRENT_USER;
