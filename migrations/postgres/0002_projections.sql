-- How far each read model of each company has come, and which generation of its rows is in use.
-- Readers look at `generation`. A rebuild writes `building` beside it and then takes its place; a number is never
-- given out twice (`last_generation`), and generations below `swept_below` have no rows left.
-- At position 0 the hash is 32 zero bytes, because an empty log may still take another one's identity.
CREATE TABLE projections (
    company_id        uuid NOT NULL,
    name              text NOT NULL,
    revision          bigint NOT NULL,
    generation        bigint NOT NULL,
    position          bigint NOT NULL,
    hash              bytea NOT NULL,
    building          bigint,
    building_revision bigint,
    building_position bigint,
    building_hash     bytea,
    last_generation   bigint NOT NULL,
    swept_below       bigint NOT NULL,
    fault_position    bigint,
    fault_text        text,
    PRIMARY KEY (company_id, name)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
