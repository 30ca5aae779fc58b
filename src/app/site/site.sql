-- meta_get(name text) -> maybe meta_row
SELECT value FROM meta WHERE name = $name;

-- meta_set(name text, value text) -> run
INSERT INTO meta (name, value) VALUES ($name, $value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value;
