-- What the service may do, where its tables belong to another role. Run as the owner, after the tables were made and once again after
-- a new version made others. Beforehand, once on the server: CREATE ROLE leadtrail_runtime NOLOGIN; and give it to the role by which the
-- service logs in: GRANT leadtrail_runtime TO leadtrail_service;

GRANT USAGE ON SCHEMA public, directory TO leadtrail_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, directory TO leadtrail_runtime;

-- The log, and what was signed of it, is read and added to, and nothing else.
REVOKE ALL ON events, checkpoints FROM leadtrail_runtime;
GRANT SELECT, INSERT ON events, checkpoints TO leadtrail_runtime;

-- What ran is the owner's to say.
REVOKE ALL ON migrations FROM leadtrail_runtime;
GRANT SELECT ON migrations TO leadtrail_runtime;
