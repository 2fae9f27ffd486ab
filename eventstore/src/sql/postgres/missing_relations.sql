-- eventstore/src/sql/postgres/missing_relations.sql    $1 names, with commas between them
SELECT name
FROM unnest(string_to_array($1, ',')) AS wanted(name)
WHERE to_regclass(name) IS NULL
LIMIT 1
