-- What the common data-access API asks the record.

-- common_api_names(ids ints) -> list common_api_named
SELECT id, identifier, slug FROM dataset WHERE id IN ($ids) ORDER BY id;

-- common_api_founded() -> int
-- When the site was made: its groups are as old as it.
SELECT COALESCE(min(at), 0) AS "at:int" FROM ledger WHERE seq = 1;
