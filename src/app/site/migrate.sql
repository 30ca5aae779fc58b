-- schema_version_newest() -> int
SELECT coalesce(max(version), 0) AS "version:int" FROM schema_version;

-- schema_version_add(version int, name text, at int) -> run
INSERT INTO schema_version (version, name, applied_at) VALUES ($version, $name, $at);
