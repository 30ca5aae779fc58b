-- The record of the hub: organisations, datasets, distributions, targets, and
-- the ledger through which every change to them goes.
--
-- Both engines run this file as it stands. Types: BIGINT, INTEGER, TEXT only;
-- times are UTC milliseconds; JSON is TEXT that we write canonically. Tables
-- are STRICT in spirit: CHECKs hold the states, the program holds the rest.

-- Facts about this site: its id, when it was made, versions of seeded vocabularies.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Identifiers are given out here, inside the write lock, on both engines alike.
CREATE TABLE counter (
    name TEXT   NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);
INSERT INTO counter (name, next) VALUES ('organization', 1), ('dataset', 1), ('distribution', 1);

-- Every change is one row; rows are chained by hash and never changed or removed.
-- hash = SHA-256 over the fields in the order of docs/ledger.md, with prev_hash.
CREATE TABLE ledger (
    seq             BIGINT NOT NULL PRIMARY KEY,   -- 1, 2, 3 … without gaps
    at              BIGINT NOT NULL,
    actor           TEXT   NOT NULL,               -- who: operator:cli, seed:standard
    behalf          TEXT   NOT NULL,               -- on whose behalf; empty: their own
    action          TEXT   NOT NULL,               -- dataset.create, dataset.update, organization.create …
    subject_kind    TEXT   NOT NULL,               -- dataset, organization, target, blob, site
    subject_id      BIGINT NOT NULL,               -- 0 where the subject has no number
    subject_key     TEXT   NOT NULL,               -- its permanent public name
    organization_id BIGINT NOT NULL,               -- 0: none
    reason          TEXT   NOT NULL,
    before_json     TEXT   NOT NULL,               -- changed fields only, canonical JSON; {} on create
    after_json      TEXT   NOT NULL,               -- changed fields only; the whole state on create
    state_hash      TEXT   NOT NULL,               -- SHA-256 of the subject's state after the change; verify compares
    prev_hash       TEXT   NOT NULL,
    hash            TEXT   NOT NULL
);
CREATE INDEX ledger_subject ON ledger (subject_kind, subject_id, seq);

-- The end of the chain, read and written under the write lock.
CREATE TABLE ledger_head (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq  BIGINT  NOT NULL,
    hash TEXT    NOT NULL
);
INSERT INTO ledger_head (one, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE organization (
    id          BIGINT NOT NULL PRIMARY KEY,
    uid         TEXT   NOT NULL UNIQUE,            -- UUID, permanent
    slug        TEXT   NOT NULL UNIQUE,            -- part of its address
    name        TEXT   NOT NULL UNIQUE,            -- as the agency is called, in Chinese
    name_en     TEXT   NOT NULL,
    short_name  TEXT   NOT NULL,                   -- 衛福部
    code        TEXT   NOT NULL,                   -- 機關代碼, 10 characters; empty: not known
    oid         TEXT   NOT NULL,                   -- 2.16.886.…; empty: not known
    kind        TEXT   NOT NULL CHECK (kind IN ('central', 'local', 'independent', 'enterprise', 'other')),
    grade       TEXT   NOT NULL CHECK (grade IN ('', 'A', 'B', 'C')),   -- of table 1 of the action plan
    parent_id   BIGINT NOT NULL,                   -- 0: none
    description TEXT   NOT NULL,
    homepage    TEXT   NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('active', 'closed')),
    extra       TEXT   NOT NULL,                   -- JSON object
    created_at  BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    ledger_seq  BIGINT NOT NULL
);
CREATE INDEX organization_code ON organization (code);
CREATE INDEX organization_parent ON organization (parent_id);

-- One dataset: the fields of the metadata standard (資料集詮釋資料標準規範) v1 and v2,
-- and `extra`, an open JSON object that loses nothing a source said besides.
CREATE TABLE dataset (
    id                 BIGINT NOT NULL PRIMARY KEY,
    uid                TEXT   NOT NULL UNIQUE,     -- UUID, permanent; from (source, source_key)
    slug               TEXT   NOT NULL UNIQUE,     -- part of its address
    source             TEXT   NOT NULL,            -- where the record comes from: data.gov.tw, demo, data.taipei …
    source_key         TEXT   NOT NULL,            -- its key there: importing again finds it by this
    identifier         TEXT   NOT NULL,            -- 機關代碼-nnnnnn of the standard
    organization_id    BIGINT NOT NULL,            -- the publisher (提供機關)
    state              TEXT   NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
    class              TEXT   NOT NULL CHECK (class IN ('open', 'limited', 'closed')),   -- 甲 乙 丙
    title              TEXT   NOT NULL,
    title_en           TEXT   NOT NULL,
    description        TEXT   NOT NULL,
    field_description  TEXT   NOT NULL,            -- 主要欄位說明
    type               TEXT   NOT NULL,            -- rawData services apps tools
    category           TEXT   NOT NULL,            -- service category: 100 … I00; empty: not said
    category_dataset   TEXT   NOT NULL,            -- v2's second classification
    theme              TEXT   NOT NULL,            -- our themes (data/themes.tsv)
    licence            TEXT   NOT NULL,            -- code in the licence register; empty: not said
    licence_text       TEXT   NOT NULL,            -- as the source said it
    licence_url        TEXT   NOT NULL,
    cost               TEXT   NOT NULL,            -- free, charged, or empty
    cost_text          TEXT   NOT NULL,
    cost_url           TEXT   NOT NULL,
    cost_law           TEXT   NOT NULL,
    contact_org        TEXT   NOT NULL,            -- organization* of the standard (管理機關)
    contact_name       TEXT   NOT NULL,
    contact_phone      TEXT   NOT NULL,
    contact_email      TEXT   NOT NULL,
    publisher_name     TEXT   NOT NULL,            -- publisher* of the standard, as said
    publisher_contact  TEXT   NOT NULL,
    publisher_phone    TEXT   NOT NULL,
    publisher_email    TEXT   NOT NULL,
    publisher_oid      TEXT   NOT NULL,
    publisher_code     TEXT   NOT NULL,
    frequency          TEXT   NOT NULL,            -- code in data/frequencies.tsv
    frequency_text     TEXT   NOT NULL,            -- as the source said it
    temporal_from      TEXT   NOT NULL,            -- as said; ISO where it could be read
    temporal_to        TEXT   NOT NULL,
    issued_at          BIGINT,                     -- NULL: not said
    updated_at         BIGINT,                     -- `modified` of the metadata, as the source says; NULL: not said
    spatial            TEXT   NOT NULL,
    language           TEXT   NOT NULL,
    landing_page       TEXT   NOT NULL,
    keywords           TEXT   NOT NULL,            -- JSON array
    record_count       BIGINT,                     -- numberOfData; NULL: not said
    notes              TEXT   NOT NULL,
    quality_badge      TEXT   NOT NULL,            -- dataQuality of v2, as said
    view_count         BIGINT NOT NULL,
    download_count     BIGINT NOT NULL,
    star               INTEGER NOT NULL,           -- 0–5, the best distribution's
    open_verdict       TEXT   NOT NULL CHECK (open_verdict IN ('open', 'not_open', 'unknown')),
    completeness       INTEGER NOT NULL,           -- 0–100
    extra              TEXT   NOT NULL,            -- JSON object
    content_hash       TEXT   NOT NULL,            -- SHA-256 of the canonical record: unchanged when equal
    package_json       TEXT   NOT NULL,            -- rendered for the CKAN API in the same transaction
    created_at         BIGINT NOT NULL,            -- in this hub
    modified_at        BIGINT NOT NULL,            -- in this hub
    ledger_seq         BIGINT NOT NULL,            -- its newest row in the ledger
    UNIQUE (source, source_key)
);
CREATE INDEX dataset_identifier ON dataset (identifier);
CREATE INDEX dataset_organization ON dataset (organization_id);
CREATE INDEX dataset_ledger ON dataset (ledger_seq);

CREATE TABLE distribution (
    id             BIGINT  NOT NULL PRIMARY KEY,
    uid            TEXT    NOT NULL UNIQUE,
    dataset_id     BIGINT  NOT NULL,
    position       INTEGER NOT NULL,               -- 0, 1 …
    identifier     TEXT    NOT NULL,               -- resourceID of the standard
    title          TEXT    NOT NULL,
    description    TEXT    NOT NULL,               -- resourceDescription
    format         TEXT    NOT NULL,               -- code in data/formats.tsv, upper case; else as said
    format_text    TEXT    NOT NULL,               -- as the source said it
    media_type     TEXT    NOT NULL,
    url_kind       TEXT    NOT NULL CHECK (url_kind IN ('download', 'access', '')),
    url            TEXT    NOT NULL,
    charset        TEXT    NOT NULL,               -- characterSetCode
    updated_at     BIGINT,
    record_count   BIGINT,                         -- resourceAmount
    byte_count     BIGINT,
    fields         TEXT    NOT NULL,               -- resourceField as JSON array
    metadata_url   TEXT    NOT NULL,               -- metadataSourceOfData
    notes          TEXT    NOT NULL,
    star           INTEGER NOT NULL,
    extra          TEXT    NOT NULL                -- JSON object
);
CREATE INDEX distribution_dataset ON distribution (dataset_id, position);

-- Old names of things whose slug changed: they redirect for ever.
CREATE TABLE alias (
    kind       TEXT   NOT NULL,                    -- dataset, organization
    slug       TEXT   NOT NULL,
    subject_id BIGINT NOT NULL,
    PRIMARY KEY (kind, slug)
);

-- Table 1 of the action plan: least cumulative datasets by grade and year (AD).
CREATE TABLE target (
    grade      TEXT    NOT NULL CHECK (grade IN ('A', 'B', 'C')),
    year       INTEGER NOT NULL,
    least      BIGINT  NOT NULL,
    note       TEXT    NOT NULL,
    ledger_seq BIGINT  NOT NULL,
    PRIMARY KEY (grade, year)
);

-- Original bytes that came in (catalogue files that were imported).
CREATE TABLE blob (
    hash       TEXT   NOT NULL PRIMARY KEY,        -- SHA-256, hex
    bytes      BIGINT NOT NULL,
    name       TEXT   NOT NULL,                    -- of the file it came from
    created_at BIGINT NOT NULL,
    ledger_seq BIGINT NOT NULL
);
