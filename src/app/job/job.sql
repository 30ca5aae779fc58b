-- job_id_take() -> text
UPDATE counter SET next = next + 1 WHERE name = 'job' RETURNING CAST(next - 1 AS TEXT) AS "id:text";

-- job_waiting_same(kind text, once text) -> maybe job_number
SELECT id FROM job WHERE state = 'waiting' AND kind = $kind AND once = $once ORDER BY id LIMIT 1;

-- job_insert(id int, kind text, once text, subject_kind text, subject_id int, arguments text, actor text, run_at int, created_at int) -> run
INSERT INTO job (id, kind, once, subject_kind, subject_id, arguments, actor, state, tries, run_at, lease, lease_until,
                 cancel, stage, bytes_done, bytes_all, rows_done, result, error_code, error, created_at)
VALUES ($id, $kind, $once, $subject_kind, $subject_id, $arguments, $actor, 'waiting', 0, $run_at, '', 0,
        0, '', 0, 0, 0, '{}', '', '', $created_at);

-- job_get(id int) -> maybe job_row
SELECT id, kind, once, subject_kind, subject_id, arguments, actor, state, tries, run_at, lease, lease_until, cancel,
       stage, bytes_done, bytes_all, rows_done, result, error_code, error, created_at, started_at, finished_at
  FROM job WHERE id = $id;

-- job_newest(most int) -> list job_row
SELECT id, kind, once, subject_kind, subject_id, arguments, actor, state, tries, run_at, lease, lease_until, cancel,
       stage, bytes_done, bytes_all, rows_done, result, error_code, error, created_at, started_at, finished_at
  FROM job ORDER BY id DESC LIMIT $most;

-- job_of_subject(kind text, id int, most int) -> list job_row
SELECT id, kind, once, subject_kind, subject_id, arguments, actor, state, tries, run_at, lease, lease_until, cancel,
       stage, bytes_done, bytes_all, rows_done, result, error_code, error, created_at, started_at, finished_at
  FROM job WHERE subject_kind = $kind AND subject_id = $id ORDER BY id DESC LIMIT $most;

-- job_due(now int) -> maybe job_row
-- The oldest that may be begun: waiting, or left behind by a worker that is gone.
SELECT id, kind, once, subject_kind, subject_id, arguments, actor, state, tries, run_at, lease, lease_until, cancel,
       stage, bytes_done, bytes_all, rows_done, result, error_code, error, created_at, started_at, finished_at
  FROM job
 WHERE (state = 'waiting' AND run_at <= $now) OR (state = 'running' AND lease_until < $now)
 ORDER BY id LIMIT 1;

-- job_take(id int, lease text, until int, now int) -> run
UPDATE job SET state = 'running', tries = tries + 1, lease = $lease, lease_until = $until, started_at = $now,
               stage = '', bytes_done = 0, bytes_all = 0, rows_done = 0, error_code = '', error = ''
 WHERE id = $id;

-- job_tell(id int, lease text, stage text, bytes_done int, bytes_all int, rows_done int, until int) -> changed
UPDATE job SET stage = $stage, bytes_done = $bytes_done, bytes_all = $bytes_all, rows_done = $rows_done, lease_until = $until
 WHERE id = $id AND lease = $lease AND state = 'running';

-- job_end(id int, lease text, state text, result text, error_code text, error text, now int) -> run
UPDATE job SET state = $state, lease = '', lease_until = 0, result = $result, error_code = $error_code, error = $error,
               finished_at = $now
 WHERE id = $id AND lease = $lease;

-- job_again(id int, lease text, less int, run_at int, error_code text, error text) -> run
UPDATE job SET state = 'waiting', lease = '', lease_until = 0, tries = tries - $less, run_at = $run_at,
               error_code = $error_code, error = $error
 WHERE id = $id AND lease = $lease;

-- job_cancel_waiting(id int, now int) -> changed
UPDATE job SET state = 'cancelled', finished_at = $now WHERE id = $id AND state = 'waiting';

-- job_cancel_running(id int) -> changed
UPDATE job SET cancel = 1 WHERE id = $id AND state = 'running';

-- job_forget(before int) -> run
DELETE FROM job WHERE state IN ('done', 'failed', 'cancelled') AND finished_at < $before;
