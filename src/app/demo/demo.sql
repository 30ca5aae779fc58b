-- demo_dataset(title text) -> maybe demo_dataset_row
SELECT id FROM dataset WHERE source = 'demo' AND title = $title ORDER BY id LIMIT 1;
