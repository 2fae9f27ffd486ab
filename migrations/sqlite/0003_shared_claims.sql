-- A claim may be held by several streams that share it on purpose. SQLite cannot change a primary key: the table is made anew.
CREATE TABLE shared_claims (
    company_id  BLOB NOT NULL,
    mac         BLOB NOT NULL,
    kind        TEXT NOT NULL,
    stream_kind TEXT NOT NULL,
    stream_id   BLOB NOT NULL,
    position    INTEGER NOT NULL,
    PRIMARY KEY (company_id, mac, stream_kind, stream_id)
) STRICT, WITHOUT ROWID;
INSERT INTO shared_claims (company_id, mac, kind, stream_kind, stream_id, position)
SELECT company_id, mac, kind, stream_kind, stream_id, position
FROM claims;
DROP TABLE claims;
ALTER TABLE shared_claims RENAME TO claims;
CREATE INDEX claims_by_stream ON claims (company_id, stream_kind, stream_id);
