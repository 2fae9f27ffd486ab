-- eventstore/src/sql/postgres/may_create.sql    no binds: whether this role may make tables
SELECT current_schema() AS name
WHERE has_schema_privilege(current_schema(), 'CREATE')
