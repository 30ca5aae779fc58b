-- link_of(uid text) -> maybe link_row
SELECT distribution_uid, dataset_id, url, asked_at, error, status, gave, says, since, times, changed_at
  FROM link_answer WHERE distribution_uid = $uid;

-- link_of_dataset(dataset int) -> list link_row
SELECT distribution_uid, dataset_id, url, asked_at, error, status, gave, says, since, times, changed_at
  FROM link_answer WHERE dataset_id = $dataset;

-- link_set(uid text, dataset_id int, url text, asked_at int, error text, status int, gave int, says text, since int, times int, changed_at int) -> send
INSERT INTO link_answer (distribution_uid, dataset_id, url, asked_at, error, status, gave, says, since, times, changed_at)
VALUES ($uid, $dataset_id, $url, $asked_at, $error, $status, $gave, $says, $since, $times, $changed_at)
    ON CONFLICT (distribution_uid) DO UPDATE SET dataset_id = excluded.dataset_id, url = excluded.url, asked_at = excluded.asked_at,
       error = excluded.error, status = excluded.status, gave = excluded.gave, says = excluded.says, since = excluded.since,
       times = excluded.times, changed_at = excluded.changed_at;

-- link_due_fresh(after_uid text, most int) -> list link_due_row
-- Addresses of what visitors see that were never asked. The uid, a hash, mixes their hosts.
SELECT f.uid, f.dataset_id, f.url, f.url_kind, f.format, 0 AS "asked_at:int"
  FROM distribution f JOIN dataset d ON d.id = f.dataset_id
 WHERE f.uid > $after_uid AND f.url <> '' AND d.state = 'published' AND d.class IN ('open', 'limited')
   AND NOT EXISTS (SELECT 1 FROM link_answer l WHERE l.distribution_uid = f.uid)
 ORDER BY f.uid LIMIT $most;

-- link_due(before int, after_at int, after_uid text, most int) -> list link_due_row
-- Those that were asked before, oldest evidence first.
SELECT f.uid, f.dataset_id, f.url, f.url_kind, f.format, l.asked_at
  FROM link_answer l JOIN distribution f ON f.uid = l.distribution_uid JOIN dataset d ON d.id = f.dataset_id
 WHERE l.asked_at >= $after_at AND l.asked_at < $before AND (l.asked_at > $after_at OR l.distribution_uid > $after_uid)
   AND f.url <> '' AND d.state = 'published' AND d.class IN ('open', 'limited')
 ORDER BY l.asked_at, l.distribution_uid LIMIT $most;

-- link_due_of(dataset int, before int, after_at int, after_uid text, most int) -> list link_due_row
-- Both, of one dataset.
SELECT f.uid, f.dataset_id, f.url, f.url_kind, f.format, COALESCE(l.asked_at, 0) AS "asked_at:int"
  FROM distribution f JOIN dataset d ON d.id = f.dataset_id LEFT JOIN link_answer l ON l.distribution_uid = f.uid
 WHERE f.dataset_id = $dataset AND f.url <> '' AND d.state = 'published' AND d.class IN ('open', 'limited') AND COALESCE(l.asked_at, 0) < $before
   AND (COALESCE(l.asked_at, 0) > $after_at OR (COALESCE(l.asked_at, 0) = $after_at AND f.uid > $after_uid))
 ORDER BY COALESCE(l.asked_at, 0), f.uid LIMIT $most;

-- link_due_count(dataset int) -> int
-- 0: of all.
SELECT count(*) AS "n:int" FROM distribution f JOIN dataset d ON d.id = f.dataset_id
 WHERE d.state = 'published' AND d.class IN ('open', 'limited') AND f.url <> '' AND ($dataset = 0 OR f.dataset_id = $dataset);

-- link_hosts() -> list link_host_row
SELECT host, failures, until FROM link_host ORDER BY host;

-- link_host_set(host text, failures int, until int) -> send
INSERT INTO link_host (host, failures, until) VALUES ($host, $failures, $until)
    ON CONFLICT (host) DO UPDATE SET failures = excluded.failures, until = excluded.until;

-- link_host_forget(host text) -> send
DELETE FROM link_host WHERE host = $host;

-- link_bad(organizations ints, most int) -> list link_bad_row
-- Present addresses that fail, or that give a web page instead of a file, of what visitors see; the longest first. The plus keeps
-- the planner from walking through all datasets of the organisations: those that fail are few.
SELECT l.distribution_uid, l.url, l.asked_at, l.error, l.status, l.gave, l.says, l.since, l.times, f.position, f.format, d.slug, d.title,
       d.title_en, o.slug AS org_slug, o.name AS org_name, o.name_en AS org_name_en
  FROM link_answer l JOIN distribution f ON f.uid = l.distribution_uid AND f.url = l.url JOIN dataset d ON d.id = f.dataset_id
  JOIN organization o ON o.id = d.organization_id
 WHERE (l.error <> '' OR l.gave = 2) AND d.state = 'published' AND d.class IN ('open', 'limited') AND +d.organization_id IN ($organizations)
 ORDER BY l.since, l.distribution_uid LIMIT $most;

-- link_bad_each(organizations ints, most int) -> each link_bad_row
SELECT l.distribution_uid, l.url, l.asked_at, l.error, l.status, l.gave, l.says, l.since, l.times, f.position, f.format, d.slug, d.title,
       d.title_en, o.slug AS org_slug, o.name AS org_name, o.name_en AS org_name_en
  FROM link_answer l JOIN distribution f ON f.uid = l.distribution_uid AND f.url = l.url JOIN dataset d ON d.id = f.dataset_id
  JOIN organization o ON o.id = d.organization_id
 WHERE (l.error <> '' OR l.gave = 2) AND d.state = 'published' AND d.class IN ('open', 'limited') AND +d.organization_id IN ($organizations)
 ORDER BY l.since, l.distribution_uid LIMIT $most;

-- link_all(most int) -> list link_bad_row
SELECT l.distribution_uid, l.url, l.asked_at, l.error, l.status, l.gave, l.says, l.since, l.times, f.position, f.format, d.slug, d.title,
       d.title_en, o.slug AS org_slug, o.name AS org_name, o.name_en AS org_name_en
  FROM link_answer l JOIN distribution f ON f.uid = l.distribution_uid AND f.url = l.url JOIN dataset d ON d.id = f.dataset_id
  JOIN organization o ON o.id = d.organization_id
 WHERE d.state = 'published' AND d.class IN ('open', 'limited')
 ORDER BY l.since, l.distribution_uid LIMIT $most;

-- link_reasons(organizations ints) -> list link_count
-- How often each outcome stands among them.
SELECT l.error, l.gave, count(*) AS "n:int"
  FROM link_answer l JOIN distribution f ON f.uid = l.distribution_uid AND f.url = l.url JOIN dataset d ON d.id = f.dataset_id
 WHERE (l.error <> '' OR l.gave = 2) AND d.state = 'published' AND d.class IN ('open', 'limited') AND +d.organization_id IN ($organizations)
 GROUP BY l.error, l.gave ORDER BY l.error, l.gave;
