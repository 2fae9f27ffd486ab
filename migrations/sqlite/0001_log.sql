-- The log of each company, and what is committed together with its events.
-- Instants are microseconds since 1970 in UTC; ids are the 16 bytes of a UUID; hashes are 32 bytes.

-- The directory: who there is. No key of the log points here, so that it can live in another database.
CREATE TABLE companies (
    company_id BLOB NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per company: where its log ends. Whoever appends holds this row first.
CREATE TABLE heads (
    company_id       BLOB NOT NULL PRIMARY KEY,
    log_id           BLOB NOT NULL,
    position         INTEGER NOT NULL,
    hash             BLOB NOT NULL,
    last_recorded_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A company's key, wrapped by the master key, which lies outside the database.
CREATE TABLE company_keys (
    company_id BLOB NOT NULL PRIMARY KEY,
    wrapped    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The keys under which what is personal in a stream is sealed, wrapped by the company's key. A row without a key is that
-- of a stream that was erased.
CREATE TABLE stream_keys (
    company_id  BLOB NOT NULL,
    stream_kind TEXT NOT NULL,
    stream_id   BLOB NOT NULL,
    wrapped     BLOB,
    PRIMARY KEY (company_id, stream_kind, stream_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX stream_keys_erased ON stream_keys (company_id) WHERE wrapped IS NULL;

-- The log. Rows are added and never changed. `commit_end` is the position of the last event of the same
-- command; `body` holds the exact bytes that were hashed.
CREATE TABLE events (
    company_id  BLOB NOT NULL,
    position    INTEGER NOT NULL,
    commit_end  INTEGER NOT NULL,
    stream_kind TEXT NOT NULL,
    stream_id   BLOB NOT NULL,
    version     INTEGER NOT NULL,
    event_id    BLOB NOT NULL,
    command_id  BLOB NOT NULL,
    kind        TEXT NOT NULL,
    format      INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    cause       TEXT,
    body        BLOB NOT NULL,
    hash        BLOB NOT NULL,
    PRIMARY KEY (company_id, position),
    UNIQUE (company_id, stream_kind, stream_id, version)
) STRICT, WITHOUT ROWID;

-- Which kinds of events a log holds, and where each first stands, so that a version that does not know one of them is
-- told at once. Derived from events.
CREATE TABLE event_kinds (
    company_id BLOB NOT NULL,
    kind       TEXT NOT NULL,
    format     INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    PRIMARY KEY (company_id, kind, format)
) STRICT, WITHOUT ROWID;

-- What is unique inside a company, and which stream holds it. `mac` covers kind and value. Derived from events.
CREATE TABLE claims (
    company_id  BLOB NOT NULL,
    mac         BLOB NOT NULL,
    kind        TEXT NOT NULL,
    stream_kind TEXT NOT NULL,
    stream_id   BLOB NOT NULL,
    position    INTEGER NOT NULL,
    PRIMARY KEY (company_id, mac)
) STRICT, WITHOUT ROWID;

-- An erased stream lets all its claims go.
CREATE INDEX claims_by_stream ON claims (company_id, stream_kind, stream_id);

-- What an accepted command was answered. `receipt_id` covers who asked and their key, `request_mac` what was asked.
-- A command without events ends before it begins: first_position = last_position + 1.
CREATE TABLE receipts (
    company_id     BLOB NOT NULL,
    receipt_id     BLOB NOT NULL,
    request_mac    BLOB NOT NULL,
    command_id     BLOB NOT NULL,
    first_position INTEGER NOT NULL,
    last_position  INTEGER NOT NULL,
    expires_at     INTEGER,
    PRIMARY KEY (company_id, receipt_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX receipts_by_expiry ON receipts (company_id, expires_at) WHERE expires_at IS NOT NULL;

-- What is to be done at an instant, armed by the event at `position`. `timer_id` covers stream and name. It is looked for at
-- `wake_at`; one that fired wakes nobody any more. Derived from events, but for that.
CREATE TABLE timers (
    company_id  BLOB NOT NULL,
    timer_id    BLOB NOT NULL,
    stream_kind TEXT NOT NULL,
    stream_id   BLOB NOT NULL,
    name        TEXT NOT NULL,
    due_at      INTEGER NOT NULL,
    wake_at     INTEGER,
    position    INTEGER NOT NULL,
    PRIMARY KEY (company_id, timer_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX timers_by_waking ON timers (company_id, wake_at);
CREATE INDEX timers_by_stream ON timers (company_id, stream_kind, stream_id);

-- Messages to the world that were not delivered yet. `message_id` follows from the log, the position and the message's number
-- there; where `of_event` is 0, somebody put it here beside the log.
CREATE TABLE outbox (
    company_id  BLOB NOT NULL,
    message_id  BLOB NOT NULL,
    position    INTEGER NOT NULL,
    of_event    INTEGER NOT NULL,
    topic       TEXT NOT NULL,
    body        BLOB NOT NULL,
    occurred_at INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    PRIMARY KEY (company_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_by_due ON outbox (company_id, due_at);

-- Who does the work beside the writer. `fence` rises with each taking, and what a holder changes is bound to it.
CREATE TABLE leases (
    company_id BLOB NOT NULL,
    name       TEXT NOT NULL,
    holder     BLOB NOT NULL,
    fence      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, name)
) STRICT, WITHOUT ROWID;

-- The Merkle tree over a log: the roots of complete subtrees of 2^height events, for every eighth height, numbered from 0.
-- Derived from events.
CREATE TABLE tree_nodes (
    company_id BLOB NOT NULL,
    height     INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    hash       BLOB NOT NULL,
    PRIMARY KEY (company_id, height, number)
) STRICT, WITHOUT ROWID;

-- What a log of `size` events had come to, signed. Rows are added and never changed.
CREATE TABLE checkpoints (
    company_id BLOB NOT NULL,
    size       INTEGER NOT NULL,
    note       TEXT NOT NULL,
    PRIMARY KEY (company_id, size)
) STRICT, WITHOUT ROWID;
