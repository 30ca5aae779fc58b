-- measure_organizations() -> list measure_organization
SELECT id, slug, name, name_en, parent_id FROM organization ORDER BY id;

-- measure_changed(seq int, since int) -> list measure_changed_row
-- Organisations of which something became different after a row of the ledger: datasets, their files and tables; or whose addresses answer otherwise.
SELECT organization_id AS "id:int" FROM dataset WHERE ledger_seq > $seq
 UNION SELECT q.organization_id FROM dataset_quality q JOIN dataset d ON d.id = q.dataset_id WHERE d.ledger_seq > $seq
 UNION SELECT d.organization_id FROM data_file f JOIN dataset d ON d.id = f.dataset_id WHERE f.ledger_seq > $seq
 UNION SELECT d.organization_id FROM data_table t JOIN dataset d ON d.id = t.dataset_id WHERE t.ledger_seq > $seq
 UNION SELECT d.organization_id FROM link_answer l JOIN dataset d ON d.id = l.dataset_id WHERE l.changed_at >= $since;

-- measure_datasets(organization int) -> list measure_dataset
SELECT id, slug, title, state, class, licence, licence_text, cost, field_description, record_count, temporal_from, temporal_to, frequency, updated_at, completeness,
       rating, rating_by, openness
  FROM dataset WHERE organization_id = $organization ORDER BY id;

-- measure_files(organization int) -> list measure_file_row
SELECT f.dataset_id, f.uid, f.format, f.url, f.charset, f.fields, f.record_count, f.star, f.rating, f.found_format
  FROM distribution f JOIN dataset d ON d.id = f.dataset_id
 WHERE d.organization_id = $organization ORDER BY f.dataset_id, f.position;

-- measure_bytes(organization int) -> list measure_bytes_row
-- The newest bytes of each distribution.
SELECT f.distribution_uid, f.blob, f.source_url
  FROM data_file f JOIN dataset d ON d.id = f.dataset_id
 WHERE d.organization_id = $organization
   AND f.id = (SELECT max(n.id) FROM data_file n WHERE n.distribution_uid = f.distribution_uid);

-- measure_tables(organization int) -> list measure_table_row
SELECT t.dataset_id, t.distribution_uid, t.rows, v.fields, v.about, v.score
  FROM data_table t JOIN table_version v ON v.table_id = t.id AND v.number = t.version JOIN dataset d ON d.id = t.dataset_id
 WHERE d.organization_id = $organization AND t.state = 'live' ORDER BY t.dataset_id, t.distribution_uid, t.position;

-- measure_links(organization int) -> list measure_link_row
SELECT l.distribution_uid, l.url, l.error, l.gave FROM link_answer l JOIN dataset d ON d.id = l.dataset_id
 WHERE d.organization_id = $organization;

-- measure_kept(organization int) -> list dataset_quality_row
SELECT dataset_id, organization_id, score, badge, indicators, reasons, known_files, files, tables, table_score, findings,
       series, series_stem, series_count, series_sure, addresses, asked, failing, pages
  FROM dataset_quality WHERE organization_id = $organization ORDER BY dataset_id;

-- measure_of_dataset(id int) -> maybe dataset_quality_row
SELECT dataset_id, organization_id, score, badge, indicators, reasons, known_files, files, tables, table_score, findings,
       series, series_stem, series_count, series_sure, addresses, asked, failing, pages
  FROM dataset_quality WHERE dataset_id = $id;

-- measure_set(dataset_id int, organization_id int, score int, badge text, indicators text, reasons text, known_files int, files int, tables int, table_score int, findings text, series int, series_stem text, series_count int, series_sure int, addresses int, asked int, failing int, pages int) -> send
INSERT INTO dataset_quality (dataset_id, organization_id, score, badge, indicators, reasons, known_files, files, tables, table_score,
                             findings, series, series_stem, series_count, series_sure, addresses, asked, failing, pages)
VALUES ($dataset_id, $organization_id, $score, $badge, $indicators, $reasons, $known_files, $files, $tables, $table_score,
        $findings, $series, $series_stem, $series_count, $series_sure, $addresses, $asked, $failing, $pages)
    ON CONFLICT (dataset_id) DO UPDATE SET organization_id = excluded.organization_id, score = excluded.score, badge = excluded.badge,
       indicators = excluded.indicators, reasons = excluded.reasons, known_files = excluded.known_files, files = excluded.files, tables = excluded.tables,
       table_score = excluded.table_score, findings = excluded.findings, series = excluded.series, series_stem = excluded.series_stem,
       series_count = excluded.series_count, series_sure = excluded.series_sure,
       addresses = excluded.addresses, asked = excluded.asked, failing = excluded.failing, pages = excluded.pages;

-- measure_forget(id int) -> send
DELETE FROM dataset_quality WHERE dataset_id = $id;

-- measure_sums() -> list measure_sum
-- Each organisation's own datasets, of those that visitors see now.
SELECT q.organization_id, count(*) AS "datasets:int", sum(q.score) AS "score_sum:int",
       sum(CASE WHEN d.rating >= 3 THEN 1 ELSE 0 END) AS "three_stars:int",
       sum(CASE WHEN q.badge IN ('bronze', 'silver', 'gold', 'platinum') THEN 1 ELSE 0 END) AS "badges:int"
  FROM dataset_quality q JOIN dataset d ON d.id = q.dataset_id
 WHERE d.state = 'published' AND d.class IN ('open', 'limited')
 GROUP BY q.organization_id ORDER BY q.organization_id;

-- measure_marks() -> list measure_mark
-- How often each outcome stands in the catalogue, of what visitors see now: few rows, for all numbers of a page.
SELECT q.organization_id, q.indicators, q.badge, q.score / 10 AS "tenth:int", count(*) AS "datasets:int", sum(q.score) AS "score_sum:int",
       sum(CASE WHEN d.rating >= 3 THEN 1 ELSE 0 END) AS "three_stars:int", sum(CASE WHEN q.series > 0 THEN 1 ELSE 0 END) AS "split:int",
       sum(CASE WHEN q.known_files > 0 THEN 1 ELSE 0 END) AS "held:int", sum(q.addresses) AS "addresses:int", sum(q.asked) AS "asked:int",
       sum(q.failing) AS "failing:int", sum(q.pages) AS "pages:int"
  FROM dataset_quality q JOIN dataset d ON d.id = q.dataset_id
 WHERE d.state = 'published' AND d.class IN ('open', 'limited')
 GROUP BY q.organization_id, q.indicators, q.badge, q.score / 10
 ORDER BY q.organization_id;

-- measure_found() -> list measure_found_row
SELECT q.organization_id, q.findings FROM dataset_quality q JOIN dataset d ON d.id = q.dataset_id
 WHERE q.findings <> '{}' AND d.state = 'published' AND d.class IN ('open', 'limited');

-- measure_worst(organizations ints, most int) -> list measure_line
-- What to mend first: the lowest score, then known to fail most; of those where something is known to fail, or that are poor.
SELECT d.slug, d.title, d.title_en, q.score, q.badge, d.rating, q.indicators, q.reasons, q.tables
  FROM dataset_quality q JOIN dataset d ON d.id = q.dataset_id
 WHERE q.organization_id IN ($organizations) AND d.state = 'published' AND d.class IN ('open', 'limited')
   AND (q.indicators LIKE '%n%' OR q.score < 60)
 ORDER BY q.score, length(replace(q.indicators, 'n', '')), d.id LIMIT $most;

-- measure_series_of(organizations ints, most int) -> list measure_series_line
SELECT q.series, q.series_stem, q.series_count, q.series_sure, d.slug, d.title, d.title_en
  FROM dataset_quality q JOIN dataset d ON d.id = q.dataset_id
 WHERE q.organization_id IN ($organizations) AND q.series > 0 AND q.dataset_id = q.series
   AND d.state = 'published' AND d.class IN ('open', 'limited')
 ORDER BY q.series_count DESC, q.series LIMIT $most;

-- measure_in_series(series int, most int) -> list measure_series_member
SELECT d.slug, d.title, d.title_en, q.dataset_id
  FROM dataset_quality q JOIN dataset d ON d.id = q.dataset_id
 WHERE q.series = $series AND d.state = 'published' AND d.class IN ('open', 'limited')
 ORDER BY d.title, d.id LIMIT $most;

-- measure_day_newest(organization int) -> maybe measure_day_row
SELECT day, datasets, score_sum, three_stars, badges FROM quality_day WHERE organization_id = $organization ORDER BY day DESC LIMIT 1;

-- measure_days(organization int, most int) -> list measure_day_row
-- Newest first.
SELECT day, datasets, score_sum, three_stars, badges FROM quality_day WHERE organization_id = $organization ORDER BY day DESC LIMIT $most;

-- measure_days_newest() -> list measure_day_of
-- The newest of each organisation.
SELECT q.organization_id, q.day, q.datasets, q.score_sum, q.three_stars, q.badges
  FROM quality_day q JOIN (SELECT organization_id, max(day) AS day FROM quality_day GROUP BY organization_id) n
    ON n.organization_id = q.organization_id AND n.day = q.day;

-- measure_day_set(day int, organization int, datasets int, score_sum int, three_stars int, badges int) -> send
INSERT INTO quality_day (day, organization_id, datasets, score_sum, three_stars, badges)
VALUES ($day, $organization, $datasets, $score_sum, $three_stars, $badges)
    ON CONFLICT (organization_id, day) DO UPDATE SET datasets = excluded.datasets, score_sum = excluded.score_sum,
       three_stars = excluded.three_stars, badges = excluded.badges;
