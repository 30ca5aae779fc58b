-- Stars by the bytes (C10, G3). `star` stays what follows from what a publisher declares, and is part of the state that
-- the ledger hashes. `rating` is what readers are shown: by the bytes of a file where they are here, else the same as
-- `star`. It is measured (src/app/measure), and can be made again from the record and its files at any time.
ALTER TABLE distribution ADD COLUMN found_format TEXT NOT NULL DEFAULT '';      -- of its newest bytes; empty: they are not here, or do not tell
ALTER TABLE distribution ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dataset ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;               -- the best distribution's
ALTER TABLE dataset ADD COLUMN rating_by TEXT NOT NULL DEFAULT 'declared' CHECK (rating_by IN ('bytes', 'declared'));
UPDATE distribution SET rating = star;
UPDATE dataset SET rating = star;

-- They stood in what was measured of a dataset.
ALTER TABLE dataset_quality DROP COLUMN star;
ALTER TABLE dataset_quality DROP COLUMN star_by;
ALTER TABLE dataset_quality DROP COLUMN star_is;
