-- blob_get(hash text) -> maybe blob_row
SELECT hash, bytes, name, created_at, ledger_seq FROM blob WHERE hash = $hash;

-- blob_list_rows() -> list blob_row
SELECT hash, bytes, name, created_at, ledger_seq FROM blob ORDER BY ledger_seq;

-- blob_add(hash text, bytes int, name text, created_at int, ledger_seq int) -> send
INSERT INTO blob (hash, bytes, name, created_at, ledger_seq) VALUES ($hash, $bytes, $name, $created_at, $ledger_seq);
