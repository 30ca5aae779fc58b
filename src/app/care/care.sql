-- What `verify` reads: the record beside its ledger, a range of ids at a time.

-- care_heads(kind text, first int, past int) -> list care_head
-- The newest ledger row of each subject of a kind.
SELECT l.subject_id, l.subject_key, l.seq, l.state_hash FROM ledger l
 WHERE l.subject_kind = $kind AND l.subject_id >= $first AND l.subject_id < $past
   AND l.seq = (SELECT max(m.seq) FROM ledger m WHERE m.subject_kind = l.subject_kind AND m.subject_id = l.subject_id)
 ORDER BY l.subject_id;

-- care_named_heads(kind text) -> list care_head
-- The same for the few subjects that have a name and no number.
SELECT l.subject_id, l.subject_key, l.seq, l.state_hash FROM ledger l
  JOIN (SELECT max(seq) AS seq FROM ledger WHERE subject_kind = $kind GROUP BY subject_key) n ON n.seq = l.seq
 ORDER BY l.seq;

-- care_last_subject(kind text) -> int
SELECT COALESCE(max(subject_id), 0) AS "n:int" FROM ledger WHERE subject_kind = $kind;

-- care_packages(first int, past int) -> list care_package
SELECT d.id, d.package_json, o.uid AS organization_uid
  FROM dataset d LEFT JOIN organization o ON o.id = d.organization_id
 WHERE d.id >= $first AND d.id < $past ORDER BY d.id;

-- care_datasets(first int, past int) -> list dataset_row
SELECT d.id, d.uid, d.slug, d.source, d.source_key, d.identifier, d.organization_id, d.state, d.class, d.title,
       d.title_en, d.description, d.field_description, d.type, d.category, d.category_dataset, d.theme, d.licence,
       d.licence_text, d.licence_url, d.cost, d.cost_text, d.cost_url, d.cost_law, d.contact_org, d.contact_name,
       d.contact_phone, d.contact_email, d.publisher_name, d.publisher_contact, d.publisher_phone, d.publisher_email,
       d.publisher_oid, d.publisher_code, d.frequency, d.frequency_text, d.temporal_from, d.temporal_to, d.issued_at,
       d.updated_at, d.spatial, d.language, d.landing_page, d.keywords, d.record_count, d.notes, d.quality_badge,
       d.view_count, d.download_count, d.star, d.rating, d.rating_by, d.open_verdict, d.openness, d.completeness,
       d.extra, d.content_hash, d.created_at, d.modified_at, d.ledger_seq
  FROM dataset d WHERE d.id >= $first AND d.id < $past ORDER BY d.id;

-- care_distributions(first int, past int) -> list distribution_row
SELECT id, uid, dataset_id, position, identifier, title, description, format, format_text, media_type, url_kind, url,
       charset, updated_at, record_count, byte_count, fields, metadata_url, notes, star, rating, found_format, extra
  FROM distribution WHERE dataset_id >= $first AND dataset_id < $past ORDER BY dataset_id, position;

-- care_last_dataset() -> int
SELECT COALESCE(max(id), 0) AS "n:int" FROM dataset;

-- care_lost_distributions() -> list care_lost
-- Rows that belong to nothing.
SELECT x.id, x.uid AS key, x.dataset_id AS owner FROM distribution x
 WHERE NOT EXISTS (SELECT 1 FROM dataset d WHERE d.id = x.dataset_id) ORDER BY x.id LIMIT 1001;

-- care_lost_datasets() -> list care_lost
SELECT d.id, d.slug AS key, d.organization_id AS owner FROM dataset d
 WHERE NOT EXISTS (SELECT 1 FROM organization o WHERE o.id = d.organization_id) ORDER BY d.id LIMIT 1001;

-- care_lost_organizations() -> list care_lost
SELECT c.id, c.slug AS key, c.parent_id AS owner FROM organization c
 WHERE c.parent_id <> 0 AND NOT EXISTS (SELECT 1 FROM organization o WHERE o.id = c.parent_id) ORDER BY c.id LIMIT 1001;

-- care_counters() -> list care_counter
-- Identifiers that would be given out a second time.
SELECT k.name, k.next, m.last AS "last:int" FROM counter k
  JOIN (SELECT 'dataset' AS name, COALESCE(max(id), 0) AS last FROM dataset
        UNION ALL SELECT 'distribution', COALESCE(max(id), 0) FROM distribution
        UNION ALL SELECT 'organization', COALESCE(max(id), 0) FROM organization) m ON m.name = k.name
 WHERE k.next <= m.last;

-- care_publishers() -> list care_publisher
-- What the index must say too.
SELECT o.slug, count(*) AS "n:int" FROM dataset d JOIN organization o ON o.id = d.organization_id GROUP BY o.slug ORDER BY o.slug;

-- care_ids(first int, past int) -> list care_id
SELECT id FROM dataset WHERE id >= $first AND id < $past ORDER BY id;
