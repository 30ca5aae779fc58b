-- table_file_insert(id int, distribution_uid text, dataset_id int, blob text, bytes int, name text, source_url text, etag text, last_modified text, polled int, created_at int, ledger_seq int) -> run
INSERT INTO data_file (id, distribution_uid, dataset_id, blob, bytes, name, source_url, etag, last_modified, polled, created_at, ledger_seq)
VALUES ($id, $distribution_uid, $dataset_id, $blob, $bytes, $name, $source_url, $etag, $last_modified, $polled, $created_at, $ledger_seq);

-- table_file_newest(distribution_uid text) -> maybe table_file_row
SELECT id, distribution_uid, dataset_id, blob, bytes, name, source_url, etag, last_modified, polled, created_at, ledger_seq
  FROM data_file WHERE distribution_uid = $distribution_uid ORDER BY id DESC LIMIT 1;

-- table_file_get(id int) -> maybe table_file_row
SELECT id, distribution_uid, dataset_id, blob, bytes, name, source_url, etag, last_modified, polled, created_at, ledger_seq
  FROM data_file WHERE id = $id;

-- table_files_of(distribution_uid text) -> list table_file_row
-- Newest first.
SELECT id, distribution_uid, dataset_id, blob, bytes, name, source_url, etag, last_modified, polled, created_at, ledger_seq
  FROM data_file WHERE distribution_uid = $distribution_uid ORDER BY id DESC;

-- table_blob_add(hash text, bytes int, name text, created_at int, ledger_seq int) -> run
-- The same bytes may come again, under another name: they are kept once.
INSERT INTO blob (hash, bytes, name, created_at, ledger_seq) VALUES ($hash, $bytes, $name, $created_at, $ledger_seq)
    ON CONFLICT (hash) DO NOTHING;

-- table_by_key(key text) -> maybe table_row
-- By uid; the uid of a distribution is that of its first table.
SELECT id, uid, distribution_uid, dataset_id, position, name, version, rows, state, given_schema, domain_schema, row_key, created_at, ledger_seq
  FROM data_table WHERE uid = $key;

-- table_of_distribution(distribution_uid text) -> list table_row
SELECT id, uid, distribution_uid, dataset_id, position, name, version, rows, state, given_schema, domain_schema, row_key, created_at, ledger_seq
  FROM data_table WHERE distribution_uid = $distribution_uid ORDER BY position;

-- table_of_dataset(dataset_id int) -> list table_row
SELECT id, uid, distribution_uid, dataset_id, position, name, version, rows, state, given_schema, domain_schema, row_key, created_at, ledger_seq
  FROM data_table WHERE dataset_id = $dataset_id AND state = 'live' ORDER BY id;

-- table_of_changed_datasets(since int) -> list table_row
-- Tables of datasets about which something was written since.
SELECT id, uid, distribution_uid, dataset_id, position, name, version, rows, state, given_schema, domain_schema, row_key, created_at, ledger_seq
  FROM data_table
 WHERE state = 'live' AND dataset_id IN (SELECT subject_id FROM ledger WHERE seq > $since AND subject_kind = 'dataset') ORDER BY id;

-- table_each() -> each table_row
SELECT id, uid, distribution_uid, dataset_id, position, name, version, rows, state, given_schema, domain_schema, row_key, created_at, ledger_seq
  FROM data_table ORDER BY id;

-- table_listed(dataset_id int) -> each table_listed_row
-- With what they belong to; 0: those of all datasets.
SELECT t.uid, t.distribution_uid, t.name, t.version, t.rows, d.slug AS "dataset:text", d.title, coalesce(r.title, '') AS "file:text"
  FROM data_table t JOIN dataset d ON d.id = t.dataset_id LEFT JOIN distribution r ON r.uid = t.distribution_uid
 WHERE t.state = 'live' AND ($dataset_id = 0 OR t.dataset_id = $dataset_id) ORDER BY t.id;

-- table_of_site() -> each table_of_site_row
-- Of all, whoever may see them: the caller asks the policy.
SELECT t.id, t.uid, d.state, d.class FROM data_table t JOIN dataset d ON d.id = t.dataset_id WHERE t.state = 'live' ORDER BY t.id;

-- table_insert(id int, uid text, distribution_uid text, dataset_id int, position int, name text, version int, rows int, created_at int, ledger_seq int) -> run
INSERT INTO data_table (id, uid, distribution_uid, dataset_id, position, name, version, rows, state, given_schema, domain_schema,
                        created_at, ledger_seq)
VALUES ($id, $uid, $distribution_uid, $dataset_id, $position, $name, $version, $rows, 'live', '', '', $created_at, $ledger_seq);

-- table_now(id int, name text, version int, rows int, state text, ledger_seq int) -> run
UPDATE data_table SET name = $name, version = $version, rows = $rows, state = $state, ledger_seq = $ledger_seq WHERE id = $id;

-- table_set_schema(id int, given_schema text, domain_schema text, ledger_seq int) -> run
UPDATE data_table SET given_schema = $given_schema, domain_schema = $domain_schema, ledger_seq = $ledger_seq WHERE id = $id;

-- table_set_key(id int, row_key text, ledger_seq int) -> run
UPDATE data_table SET row_key = $row_key, ledger_seq = $ledger_seq WHERE id = $id;

-- table_by_id(id int) -> maybe table_row
SELECT id, uid, distribution_uid, dataset_id, position, name, version, rows, state, given_schema, domain_schema, row_key, created_at, ledger_seq
  FROM data_table WHERE id = $id;

-- table_version_insert(table_id int, number int, how text, file_id int, rows int, fields text, about text, findings text, score int, program text, created_at int, ledger_seq int) -> run
INSERT INTO table_version (table_id, number, how, file_id, rows, fields, about, findings, score, program, created_at, ledger_seq)
VALUES ($table_id, $number, $how, $file_id, $rows, $fields, $about, $findings, $score, $program, $created_at, $ledger_seq);

-- table_version_get(table_id int, number int) -> maybe table_version_row
SELECT table_id, number, how, file_id, rows, fields, about, findings, score, program, created_at, ledger_seq
  FROM table_version WHERE table_id = $table_id AND number = $number;

-- table_version_say(table_id int, number int, about text, findings text, score int) -> run
-- What a version says of rows that refer to another table, which has changed.
UPDATE table_version SET about = $about, findings = $findings, score = $score WHERE table_id = $table_id AND number = $number;

-- table_versions_of(table_id int, most int) -> list table_version_brief
-- Newest first.
SELECT number, how, file_id, rows, score, program, created_at, ledger_seq
  FROM table_version WHERE table_id = $table_id ORDER BY number DESC LIMIT $most;

-- table_segment_insert(table_id int, number int, position int, file text, bytes int, rows int) -> run
INSERT INTO table_segment (table_id, number, position, file, bytes, rows)
VALUES ($table_id, $number, $position, $file, $bytes, $rows);

-- table_segments_of(table_id int, number int) -> list table_segment_row
SELECT position, file, bytes, rows FROM table_segment WHERE table_id = $table_id AND number = $number ORDER BY position;


-- table_links_of(dataset_id int) -> list table_link_row
-- What pages of the dataset say of its tables.
SELECT t.uid, t.distribution_uid, t.position, t.name, t.rows, v.about, v.score
  FROM data_table t JOIN table_version v ON v.table_id = t.id AND v.number = t.version
 WHERE t.dataset_id = $dataset_id AND t.state = 'live' ORDER BY t.distribution_uid, t.position;

-- table_steps_before(table_id int, number int) -> list table_step_row
-- Versions by single additions, what put them together, and those of polled files, older than one: not what was loaded else.
SELECT v.number FROM table_version v LEFT JOIN data_file f ON f.id = v.file_id
 WHERE v.table_id = $table_id AND v.number < $number AND (v.how <> 'load' OR f.polled = 1) ORDER BY v.number;

-- table_files_only_of(table_id int, number int) -> list table_only_row
-- Column files that no other version of any table has.
SELECT s.file FROM table_segment s
 WHERE s.table_id = $table_id AND s.number = $number
   AND NOT EXISTS (SELECT 1 FROM table_segment o WHERE o.file = s.file AND (o.table_id <> s.table_id OR o.number <> s.number));

-- table_segments_drop(table_id int, number int) -> run
DELETE FROM table_segment WHERE table_id = $table_id AND number = $number;

-- table_version_drop(table_id int, number int) -> run
DELETE FROM table_version WHERE table_id = $table_id AND number = $number;

-- table_files_unread(distribution_uid text, id int) -> list table_unread_row
-- Polled files before one of which no version is left.
SELECT f.id, f.blob FROM data_file f
 WHERE f.distribution_uid = $distribution_uid AND f.id < $id AND f.polled = 1
   AND NOT EXISTS (SELECT 1 FROM table_version v JOIN data_table t ON t.id = v.table_id
                    WHERE t.distribution_uid = f.distribution_uid AND v.file_id = f.id)
 ORDER BY f.id;

-- table_file_drop(id int) -> run
DELETE FROM data_file WHERE id = $id;

-- table_blob_of_files(hash text) -> maybe table_only_row
SELECT blob AS "file:text" FROM data_file WHERE blob = $hash LIMIT 1;

-- table_blob_drop(hash text) -> run
DELETE FROM blob WHERE hash = $hash;

-- table_poll_get(uid text) -> maybe table_poll_row
SELECT id, distribution_uid, dataset_id, every_s, allow_private, job_id, asked_at, failures, error, created_at, ledger_seq
  FROM data_poll WHERE distribution_uid = $uid;

-- table_polls() -> list table_poll_row
SELECT id, distribution_uid, dataset_id, every_s, allow_private, job_id, asked_at, failures, error, created_at, ledger_seq
  FROM data_poll ORDER BY id;

-- table_poll_put(id int, uid text, dataset_id int, every_s int, allow_private int, job_id int, created_at int, ledger_seq int) -> run
INSERT INTO data_poll (id, distribution_uid, dataset_id, every_s, allow_private, job_id, asked_at, failures, error, created_at, ledger_seq)
VALUES ($id, $uid, $dataset_id, $every_s, $allow_private, $job_id, 0, 0, '', $created_at, $ledger_seq)
    ON CONFLICT (distribution_uid) DO UPDATE SET every_s = excluded.every_s, allow_private = excluded.allow_private,
                job_id = excluded.job_id, failures = 0, error = '', ledger_seq = excluded.ledger_seq;

-- table_poll_told(uid text, asked_at int, failures int, error text) -> run
UPDATE data_poll SET asked_at = $asked_at, failures = $failures, error = $error WHERE distribution_uid = $uid;

-- table_poll_job_set(uid text, job_id int) -> run
UPDATE data_poll SET job_id = $job_id WHERE distribution_uid = $uid;

-- table_poll_drop(uid text) -> run
DELETE FROM data_poll WHERE distribution_uid = $uid;
