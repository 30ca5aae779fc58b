-- ledger_head_read() -> one ledger_head_row
SELECT seq, hash FROM ledger_head WHERE one = 1;

-- ledger_head_write(seq int, hash text) -> send
UPDATE ledger_head SET seq = $seq, hash = $hash WHERE one = 1;

-- ledger_add(seq int, at int, actor text, behalf text, action text, subject_kind text, subject_id int, subject_key text, organization_id int, reason text, before_json text, after_json text, state_hash text, prev_hash text, hash text) -> send
INSERT INTO ledger (seq, at, actor, behalf, action, subject_kind, subject_id, subject_key, organization_id,
                    reason, before_json, after_json, state_hash, prev_hash, hash)
VALUES ($seq, $at, $actor, $behalf, $action, $subject_kind, $subject_id, $subject_key, $organization_id,
        $reason, $before_json, $after_json, $state_hash, $prev_hash, $hash);

-- ledger_counter_take(name text, n int) -> text
-- Gives out n identifiers; the answer is the first one, as text on both engines.
UPDATE counter SET next = next + $n WHERE name = $name RETURNING CAST(next - $n AS TEXT) AS "first:text";

-- ledger_walk() -> each ledger_row
-- The whole chain in order: verify and export.
SELECT seq, at, actor, behalf, action, subject_kind, subject_id, subject_key, organization_id,
       reason, before_json, after_json, state_hash, prev_hash, hash
  FROM ledger ORDER BY seq;

-- ledger_after(seq int, most int) -> list ledger_row
SELECT seq, at, actor, behalf, action, subject_kind, subject_id, subject_key, organization_id,
       reason, before_json, after_json, state_hash, prev_hash, hash
  FROM ledger WHERE seq > $seq ORDER BY seq LIMIT $most;

-- ledger_of_subject(kind text, id int, most int) -> list ledger_row
-- History of one subject, newest first.
SELECT seq, at, actor, behalf, action, subject_kind, subject_id, subject_key, organization_id,
       reason, before_json, after_json, state_hash, prev_hash, hash
  FROM ledger WHERE subject_kind = $kind AND subject_id = $id ORDER BY seq DESC LIMIT $most;

-- ledger_show(before int, action text, kind text, key text, since int, most int) -> each ledger_row
-- Newest first, what is empty or 0 does not filter; the key of a subject also finds it under its earlier names.
SELECT seq, at, actor, behalf, action, subject_kind, subject_id, subject_key, organization_id,
       reason, before_json, after_json, state_hash, prev_hash, hash
  FROM ledger
 WHERE seq < $before AND at >= $since
   AND ($action = '' OR action = $action)
   AND ($kind = '' OR subject_kind = $kind)
   AND ($key = '' OR subject_key = $key)
 ORDER BY seq DESC LIMIT $most;
