-- Statements that feed the index from the record.

-- find_head() -> one find_head_row
SELECT seq, hash FROM ledger_head WHERE one = 1;

-- find_hash_at(seq int) -> list find_hash_row
-- To see whether the chain is still the one that was applied (a restore may have put another in its place).
SELECT hash FROM ledger WHERE seq = $seq;

-- find_changes(seq int, most int) -> list find_change
SELECT seq, hash, subject_kind, subject_id FROM ledger WHERE seq > $seq ORDER BY seq LIMIT $most;

-- find_last_id() -> int
SELECT COALESCE(max(id), 0) AS "n:int" FROM dataset;

-- find_organizations() -> list find_organization
SELECT id, slug, name, name_en, short_name, code, parent_id FROM organization ORDER BY id;

-- find_datasets_of(ids ints) -> list find_id
SELECT id FROM dataset WHERE organization_id IN ($ids) ORDER BY id;

-- find_rows(first int, past int) -> each find_row
SELECT id, uid, slug, source, source_key, identifier, organization_id, state, class, title, title_en, description,
       field_description, type, category, theme, licence, cost, frequency, issued_at, updated_at, keywords, quality_badge,
       view_count, download_count, rating, rating_by, openness, completeness, created_at, modified_at
  FROM dataset WHERE id >= $first AND id < $past ORDER BY id;

-- find_rows_of(ids ints) -> each find_row
SELECT id, uid, slug, source, source_key, identifier, organization_id, state, class, title, title_en, description,
       field_description, type, category, theme, licence, cost, frequency, issued_at, updated_at, keywords, quality_badge,
       view_count, download_count, rating, rating_by, openness, completeness, created_at, modified_at
  FROM dataset WHERE id IN ($ids) ORDER BY id;

-- find_files(first int, past int) -> each find_file
SELECT dataset_id, title, description, format, fields
  FROM distribution WHERE dataset_id >= $first AND dataset_id < $past ORDER BY dataset_id, position;

-- find_files_of(ids ints) -> each find_file
SELECT dataset_id, title, description, format, fields
  FROM distribution WHERE dataset_id IN ($ids) ORDER BY dataset_id, position;

-- find_briefs(ids ints) -> list find_brief
-- What a list of results shows; the order is the caller's.
SELECT d.id, d.slug, d.title, d.title_en, d.updated_at, o.name AS org_name, o.name_en AS org_name_en, o.slug AS org_slug
  FROM dataset d JOIN organization o ON o.id = d.organization_id WHERE d.id IN ($ids);

-- find_formats_of(ids ints) -> list find_format
SELECT dataset_id, format, min(position) AS "first:int"
  FROM distribution WHERE dataset_id IN ($ids) GROUP BY dataset_id, format ORDER BY dataset_id, min(position);
