-- Files of distributions and the tables that are made of them.
--
-- Bytes are evidence: what came is kept under its hash, and each version of a
-- table says of which bytes, by which program, under which schema it was made.
-- Both hang on the permanent uid of the distribution.

-- Bytes that were given or fetched for a distribution; the newest is current.
CREATE TABLE data_file (
    id               BIGINT NOT NULL PRIMARY KEY,
    distribution_uid TEXT   NOT NULL,
    dataset_id       BIGINT NOT NULL,
    blob             TEXT   NOT NULL,          -- SHA-256
    bytes            BIGINT NOT NULL,
    name             TEXT   NOT NULL,          -- as it was given, without any path
    source_url       TEXT   NOT NULL,          -- where it was fetched; empty: it was given
    etag             TEXT   NOT NULL,          -- what the server said, to ask again
    last_modified    TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    ledger_seq       BIGINT NOT NULL
);
CREATE INDEX data_file_of ON data_file (distribution_uid, id);

-- A table of a distribution: the only one, a sheet of a workbook, a member of an archive.
CREATE TABLE data_table (
    id               BIGINT  NOT NULL PRIMARY KEY,
    uid              TEXT    NOT NULL UNIQUE,  -- of the first table of a distribution: the distribution's
    distribution_uid TEXT    NOT NULL,
    dataset_id       BIGINT  NOT NULL,
    position         INTEGER NOT NULL,         -- 0, 1 … in the file
    name             TEXT    NOT NULL,         -- of the sheet, layer or member
    version          BIGINT  NOT NULL,         -- the current one
    rows             BIGINT  NOT NULL,         -- of that
    state            TEXT    NOT NULL CHECK (state IN ('live', 'ended')),   -- ended: no longer in the newest file
    given_schema     TEXT    NOT NULL,         -- Table Schema as JSON that the publisher gave; empty: none
    domain_schema    TEXT    NOT NULL,         -- code of a domain schema it keeps to; empty: none
    created_at       BIGINT  NOT NULL,
    ledger_seq       BIGINT  NOT NULL,
    UNIQUE (distribution_uid, position)
);
CREATE INDEX data_table_of ON data_table (dataset_id, id);

CREATE TABLE table_version (
    table_id   BIGINT  NOT NULL,
    number     BIGINT  NOT NULL,               -- 1, 2 …
    how        TEXT    NOT NULL CHECK (how IN ('load', 'append', 'upsert', 'compact')),
    file_id    BIGINT  NOT NULL,               -- data_file it was made of
    rows       BIGINT  NOT NULL,
    fields     TEXT    NOT NULL,               -- JSON array: name, title, type … of the columns
    about      TEXT    NOT NULL,               -- JSON object: format, encoding, rule, header … as found
    findings   TEXT    NOT NULL,               -- JSON array: what reading and checking it found
    score      INTEGER NOT NULL,               -- quality, 0–100
    program    TEXT    NOT NULL,               -- version of the program that made it
    created_at BIGINT  NOT NULL,
    ledger_seq BIGINT  NOT NULL,
    PRIMARY KEY (table_id, number)
);

-- The column files of a version, one after the other.
CREATE TABLE table_segment (
    table_id BIGINT  NOT NULL,
    number   BIGINT  NOT NULL,
    position INTEGER NOT NULL,
    file     TEXT    NOT NULL,                 -- SHA-256, a blob
    bytes    BIGINT  NOT NULL,
    rows     BIGINT  NOT NULL,
    PRIMARY KEY (table_id, number, position)
);
CREATE INDEX table_segment_file ON table_segment (file);
INSERT INTO counter (name, next) VALUES ('data_file', 1), ('data_table', 1);
