-- A rebuild takes histories in, stream by stream, up to `building_position`, and then follows the log from there: how many events it
-- has of them, and the last stream. All three are empty once every history is in.
ALTER TABLE projections ADD COLUMN building_events INTEGER;
ALTER TABLE projections ADD COLUMN building_stream_kind TEXT;
ALTER TABLE projections ADD COLUMN building_stream_id BLOB;
