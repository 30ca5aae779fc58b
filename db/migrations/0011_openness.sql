-- Openness as readers are shown it (A2): by the bytes of the files where they are here, as `rating` beside `star`.
-- `open_verdict` stays what follows from what a publisher declares.
ALTER TABLE dataset ADD COLUMN openness TEXT NOT NULL DEFAULT 'unknown' CHECK (openness IN ('open', 'not_open', 'unknown'));
UPDATE dataset SET openness = open_verdict;
