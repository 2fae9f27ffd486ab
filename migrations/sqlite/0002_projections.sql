-- How far each read model of each company has come, and which generation of its rows is in use.
-- Readers look at `generation`. A rebuild writes `building` beside it and then takes its place; a number is never
-- given out twice (`last_generation`), and generations below `swept_below` have no rows left.
-- At position 0 the hash is 32 zero bytes, because an empty log may still take another one's identity.
CREATE TABLE projections (
    company_id        BLOB NOT NULL,
    name              TEXT NOT NULL,
    revision          INTEGER NOT NULL,
    generation        INTEGER NOT NULL,
    position          INTEGER NOT NULL,
    hash              BLOB NOT NULL,
    building          INTEGER,
    building_revision INTEGER,
    building_position INTEGER,
    building_hash     BLOB,
    last_generation   INTEGER NOT NULL,
    swept_below       INTEGER NOT NULL,
    fault_position    INTEGER,
    fault_text        TEXT,
    PRIMARY KEY (company_id, name)
) STRICT, WITHOUT ROWID;
