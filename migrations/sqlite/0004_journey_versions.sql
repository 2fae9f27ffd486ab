-- Versions of journeys are kept by the event that brought them: the table is made anew below `read`, its rows from the log.
DROP TABLE IF EXISTS journey_table_versions;
