-- A dataset's page says how the addresses of its files answered.
CREATE INDEX link_answer_dataset ON link_answer (dataset_id);
