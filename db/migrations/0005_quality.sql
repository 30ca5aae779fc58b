-- What was measured of the catalogue's quality. Nothing here is said by a
-- publisher: all of it is made again from the record and its files, so it has
-- no ledger rows of its own; a pass that changed something is one row.

-- How an address answered when it was last asked.
CREATE TABLE link_answer (
    distribution_uid TEXT   NOT NULL PRIMARY KEY,
    dataset_id       BIGINT NOT NULL,
    url              TEXT   NOT NULL,          -- the one that was asked
    asked_at         BIGINT NOT NULL,
    error            TEXT   NOT NULL           -- code of the failure; empty: it answered
);
CREATE INDEX link_answer_asked ON link_answer (asked_at);

CREATE TABLE dataset_quality (
    dataset_id      BIGINT  NOT NULL PRIMARY KEY,
    organization_id BIGINT  NOT NULL,
    score           INTEGER NOT NULL,          -- 0–100
    badge           TEXT    NOT NULL CHECK (badge IN ('unknown', 'none', 'bronze', 'silver', 'gold', 'platinum')),
    star            INTEGER NOT NULL,          -- by bytes where they are here, else by what is declared
    star_by         TEXT    NOT NULL CHECK (star_by IN ('bytes', 'declared')),
    star_is         TEXT    NOT NULL,          -- the format that the bytes have; empty: none are here
    indicators      TEXT    NOT NULL,          -- one letter each: y passed, n failed, - not asked of it, ? not known
    reasons         TEXT    NOT NULL,          -- one letter each, of measure_indicator.def
    known_files     INTEGER NOT NULL,          -- files whose bytes are here
    files           INTEGER NOT NULL,
    tables          INTEGER NOT NULL,
    table_score     INTEGER NOT NULL,          -- mean of its tables; 0 without any
    findings        TEXT    NOT NULL,          -- JSON object: code and in how many tables
    series          BIGINT  NOT NULL,          -- first dataset of the series it belongs to; 0: none
    series_stem     TEXT    NOT NULL,          -- its title, what differs shown as …
    series_count    INTEGER NOT NULL,
    series_sure     INTEGER NOT NULL           -- 1: the columns are known to be the same
);
CREATE INDEX dataset_quality_organization ON dataset_quality (organization_id);
CREATE INDEX dataset_quality_series ON dataset_quality (series);

-- How the numbers went: a row where a day changed them. organization_id 0: the nation; else with all that belongs to it.
CREATE TABLE quality_day (
    day             BIGINT  NOT NULL,          -- since 1970, Taiwan's
    organization_id BIGINT  NOT NULL,
    datasets        BIGINT  NOT NULL,
    score_sum       BIGINT  NOT NULL,
    three_stars     BIGINT  NOT NULL,
    badges          BIGINT  NOT NULL,          -- datasets with one of any kind
    PRIMARY KEY (organization_id, day)
);
