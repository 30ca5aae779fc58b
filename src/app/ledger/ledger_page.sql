-- The public decision trail. Only rows about what visitors may see are read (C8): datasets that are neither closed
-- nor drafts (as they are now; how they were at the time of the row is looked at afterwards, see ledger_page_state),
-- organisations, targets, and the site itself. Rows about files that came in name folders of the machine: not shown.

-- ledger_page_before(before int, action text, organization int, rows int) -> list ledger_line
-- Newest first, with sequence numbers below `before`; empty action and organization 0 mean any.
SELECT l.seq, l.at, l.actor, l.behalf, l.action, l.subject_kind, l.subject_id, l.subject_key, l.reason,
       l.before_json, l.after_json, l.hash, l.prev_hash,
       coalesce(o.slug, '') AS "organization_slug:text", coalesce(o.name, '') AS "organization:text",
       coalesce(o.name_en, '') AS "organization_en:text",
       coalesce(d.slug, s.slug, '') AS "subject_slug:text", coalesce(d.title, s.name, '') AS "subject_title:text",
       coalesce(d.title_en, s.name_en, '') AS "subject_title_en:text"
  FROM ledger l
  LEFT JOIN dataset d ON l.subject_kind = 'dataset' AND d.id = l.subject_id
  LEFT JOIN organization s ON l.subject_kind = 'organization' AND s.id = l.subject_id
  LEFT JOIN organization o ON o.id = l.organization_id
 WHERE l.seq < $before
   AND ($action = '' OR l.action = $action)
   AND ($organization = 0 OR l.organization_id = $organization)
   AND (l.subject_kind IN ('organization', 'target', 'site')
        OR (l.subject_kind = 'dataset' AND d.class IN ('open', 'limited') AND d.state IN ('published', 'withdrawn')))
 ORDER BY l.seq DESC
 LIMIT $rows;

-- ledger_page_of_dataset(subject int, rows int) -> list ledger_line
-- What was done with one dataset, newest first: its history. The caller has looked whether it is public.
SELECT l.seq, l.at, l.actor, l.behalf, l.action, l.subject_kind, l.subject_id, l.subject_key, l.reason,
       l.before_json, l.after_json, l.hash, l.prev_hash,
       '' AS "organization_slug:text", '' AS "organization:text", '' AS "organization_en:text",
       '' AS "subject_slug:text", '' AS "subject_title:text", '' AS "subject_title_en:text"
  FROM ledger l
 WHERE l.subject_kind = 'dataset' AND l.subject_id = $subject
 ORDER BY l.seq DESC
 LIMIT $rows;

-- ledger_page_state(subject int, seq int) -> each ledger_state
-- What had been said of a dataset's class and state up to a row, newest first.
SELECT seq, after_json
  FROM ledger
 WHERE subject_kind = 'dataset' AND subject_id = $subject AND seq <= $seq
   AND (after_json LIKE '%"class"%' OR after_json LIKE '%"state"%')
 ORDER BY seq DESC;

-- ledger_page_organization(slug text) -> maybe ledger_publisher
-- By slug, name or short name, as people type it.
SELECT id, slug, name, name_en
  FROM organization
 WHERE slug = $slug OR name = $slug OR short_name = $slug
 ORDER BY CASE WHEN slug = $slug THEN 0 ELSE 1 END, id
 LIMIT 1;
