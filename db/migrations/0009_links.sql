-- How addresses answer, with the little history that stewards need: since when, and how often in sequence (C12).
DROP INDEX link_answer_asked;
ALTER TABLE link_answer ADD COLUMN status INTEGER NOT NULL DEFAULT 0;           -- of HTTP; 0: there was no answer, or it was not kept
ALTER TABLE link_answer ADD COLUMN gave INTEGER NOT NULL DEFAULT 0;             -- 0: not known; 1: a file; 2: a web page, where a file was promised
ALTER TABLE link_answer ADD COLUMN says TEXT NOT NULL DEFAULT '';               -- why there was no answer, for people
ALTER TABLE link_answer ADD COLUMN since BIGINT NOT NULL DEFAULT 0;             -- it answers, or fails, since then
ALTER TABLE link_answer ADD COLUMN times INTEGER NOT NULL DEFAULT 1;            -- so often in sequence
ALTER TABLE link_answer ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;        -- when it last became different in any way
UPDATE link_answer SET since = asked_at, changed_at = asked_at;
CREATE INDEX link_answer_changed ON link_answer (changed_at);

-- Hosts that are left alone for a while. A success removes the row.
CREATE TABLE link_host (
    host     TEXT    NOT NULL PRIMARY KEY,     -- with its port, as in addresses
    failures INTEGER NOT NULL,                 -- times that it was given up, in sequence
    until    BIGINT  NOT NULL                  -- not asked before then
);
