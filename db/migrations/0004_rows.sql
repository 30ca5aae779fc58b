-- Rows that come after the file: the columns by which a table knows its rows.
ALTER TABLE data_table ADD COLUMN row_key TEXT NOT NULL DEFAULT '';     -- JSON array of machine names; empty: none was given

-- Programs that may write: each knows a secret of which only the hash is kept.
CREATE TABLE api_token (
    id         BIGINT  NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,               -- for what it was made, as an operator said it
    hash       TEXT    NOT NULL UNIQUE,        -- SHA-256 of the secret
    scope_kind TEXT    NOT NULL CHECK (scope_kind IN ('site', 'organization', 'dataset')),
    scope_id   BIGINT  NOT NULL,               -- of the organisation (with its tree) or the dataset; 0: the site
    created_at BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL,               -- 0: never
    ended_at   BIGINT  NOT NULL,               -- 0: it holds
    ledger_seq BIGINT  NOT NULL
);
INSERT INTO counter (name, next) VALUES ('api_token', 1);
