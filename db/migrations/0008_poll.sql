-- Addresses of distributions that are asked again and again: data that changes fast (C10).
CREATE TABLE data_poll (
    id               BIGINT  NOT NULL PRIMARY KEY,
    distribution_uid TEXT    NOT NULL UNIQUE,
    dataset_id       BIGINT  NOT NULL,
    every_s          BIGINT  NOT NULL,
    allow_private    INTEGER NOT NULL,          -- 1: addresses in private networks, too
    job_id           BIGINT  NOT NULL,          -- the one that asks; it is put back each time
    asked_at         BIGINT  NOT NULL,          -- 0: not yet
    failures         BIGINT  NOT NULL,          -- one after the other, to the last time
    error            TEXT    NOT NULL,          -- what went wrong the last time; empty: nothing
    created_at       BIGINT  NOT NULL,
    ledger_seq       BIGINT  NOT NULL
);
ALTER TABLE data_file ADD COLUMN polled INTEGER NOT NULL DEFAULT 0;     -- 1: it came so, and is kept for a while only
INSERT INTO counter (name, next) VALUES ('data_poll', 1);
