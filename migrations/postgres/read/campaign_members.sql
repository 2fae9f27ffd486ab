-- Who is or was a member of each campaign, and the journey by which they came back. Instants are microseconds since 1970.
CREATE TABLE IF NOT EXISTS campaign_members (
    company_id  uuid NOT NULL,
    generation  bigint NOT NULL,
    contact_id  uuid NOT NULL,
    campaign_id uuid NOT NULL,
    joined_at   bigint NOT NULL,
    left_at     bigint,
    journey_id  uuid,
    returned_at bigint,
    PRIMARY KEY (company_id, generation, contact_id, campaign_id)
);

CREATE INDEX IF NOT EXISTS campaign_members_by_join ON campaign_members (company_id, generation, campaign_id, joined_at, contact_id);
