-- schema_version_newest() -> int
SELECT coalesce(max(version), 0) AS "version:int" FROM schema_version;

-- schema_version_add(version int, name text, at int) -> run
INSERT INTO schema_version (version, name, applied_at) VALUES ($version, $name, $at);

-- site_tables() -> list site_table
-- Every table of the record, whichever migration made it.
-- dialect: sqlite
SELECT name AS "name:text" FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name;
-- dialect: postgres
SELECT CAST(table_name AS text) AS "name:text" FROM information_schema.tables
 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name COLLATE "C";

-- site_columns(table_name text) -> list site_column
-- dialect: sqlite
SELECT name AS "name:text", lower(type) AS "type:text" FROM pragma_table_info($table_name) ORDER BY cid;
-- dialect: postgres
SELECT CAST(column_name AS text) AS "name:text", CAST(data_type AS text) AS "type:text" FROM information_schema.columns
 WHERE table_schema = current_schema() AND table_name = $table_name ORDER BY ordinal_position;
