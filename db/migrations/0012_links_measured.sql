-- Addresses of each dataset's files, counted where the rest of its quality is: pages of a whole catalogue add up these.
ALTER TABLE dataset_quality ADD COLUMN addresses INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dataset_quality ADD COLUMN asked     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dataset_quality ADD COLUMN failing   INTEGER NOT NULL DEFAULT 0;    -- did not answer well when they were last asked
ALTER TABLE dataset_quality ADD COLUMN pages     INTEGER NOT NULL DEFAULT 0;    -- answered with a web page instead of a file

-- Those that have waited longest to be asked again.
CREATE INDEX link_answer_asked ON link_answer (asked_at, distribution_uid);

-- The few that fail, among hundreds of thousands, those that have stood so the longest first.
CREATE INDEX link_answer_bad ON link_answer (since, distribution_uid) WHERE error <> '' OR gave = 2;
