-- Who is or was a member of each campaign, and the journey by which they came back. Instants are microseconds since 1970.
CREATE TABLE IF NOT EXISTS campaign_members (
    company_id  BLOB NOT NULL,
    generation  INTEGER NOT NULL,
    contact_id  BLOB NOT NULL,
    campaign_id BLOB NOT NULL,
    joined_at   INTEGER NOT NULL,
    left_at     INTEGER,
    journey_id  BLOB,
    returned_at INTEGER,
    PRIMARY KEY (company_id, generation, contact_id, campaign_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS campaign_members_by_join ON campaign_members (company_id, generation, campaign_id, joined_at, contact_id);
