-- Who may see a dataset, without reading its row: what counts the whole catalogue joins by this alone.
CREATE INDEX dataset_sight ON dataset (id, state, class);
