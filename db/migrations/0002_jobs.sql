-- Work that takes longer than a request: loading tables, fetching files.
--
-- A job is a row; whoever works takes it under the write lock with a lease and
-- renews that while it goes on, so the job of a killed process comes back by
-- itself. Jobs are no part of the ledger: what they change is.
CREATE TABLE job (
    id           BIGINT  NOT NULL PRIMARY KEY,
    kind         TEXT    NOT NULL,             -- a name in src/app/jobs.def
    once         TEXT    NOT NULL,             -- two waiting jobs of a kind never have the same; empty: no such rule
    subject_kind TEXT    NOT NULL,             -- dataset, distribution …: what it is about
    subject_id   BIGINT  NOT NULL,
    arguments    TEXT    NOT NULL,             -- JSON object
    actor        TEXT    NOT NULL,             -- who asked; the job acts in their name
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    tries        INTEGER NOT NULL,             -- begun so often
    run_at       BIGINT  NOT NULL,             -- not before
    lease        TEXT    NOT NULL,             -- who works on it; empty: nobody
    lease_until  BIGINT  NOT NULL,
    cancel       INTEGER NOT NULL,             -- 1: somebody wants it to end
    stage        TEXT    NOT NULL,             -- msgid of what it does now
    bytes_done   BIGINT  NOT NULL,
    bytes_all    BIGINT  NOT NULL,             -- 0: not known
    rows_done    BIGINT  NOT NULL,
    result       TEXT    NOT NULL,             -- JSON object
    error_code   TEXT    NOT NULL,
    error        TEXT    NOT NULL,             -- of the last try, for people
    created_at   BIGINT  NOT NULL,
    started_at   BIGINT,
    finished_at  BIGINT
);
CREATE INDEX job_state ON job (state, run_at);
CREATE INDEX job_subject ON job (subject_kind, subject_id, id);
INSERT INTO counter (name, next) VALUES ('job', 1);
