-- token_insert(id int, name text, hash text, scope_kind text, scope_id int, created_at int, expires_at int, ledger_seq int) -> run
INSERT INTO api_token (id, name, hash, scope_kind, scope_id, created_at, expires_at, ended_at, ledger_seq)
VALUES ($id, $name, $hash, $scope_kind, $scope_id, $created_at, $expires_at, 0, $ledger_seq);

-- token_by_hash(hash text) -> maybe token_row
SELECT id, name, scope_kind, scope_id, created_at, expires_at, ended_at, ledger_seq FROM api_token WHERE hash = $hash;

-- token_by_id(id int) -> maybe token_row
SELECT id, name, scope_kind, scope_id, created_at, expires_at, ended_at, ledger_seq FROM api_token WHERE id = $id;

-- token_list() -> list token_row
SELECT id, name, scope_kind, scope_id, created_at, expires_at, ended_at, ledger_seq FROM api_token ORDER BY id;

-- token_set_end(id int, ended_at int, ledger_seq int) -> run
UPDATE api_token SET ended_at = $ended_at, ledger_seq = $ledger_seq WHERE id = $id;
