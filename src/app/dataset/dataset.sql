-- dataset_by_key(key text) -> maybe dataset_row
-- As it stands in addresses and in the CKAN API: slug or uid.
SELECT d.id, d.uid, d.slug, d.source, d.source_key, d.identifier, d.organization_id, d.state, d.class, d.title,
       d.title_en, d.description, d.field_description, d.type, d.category, d.category_dataset, d.theme, d.licence,
       d.licence_text, d.licence_url, d.cost, d.cost_text, d.cost_url, d.cost_law, d.contact_org, d.contact_name,
       d.contact_phone, d.contact_email, d.publisher_name, d.publisher_contact, d.publisher_phone, d.publisher_email,
       d.publisher_oid, d.publisher_code, d.frequency, d.frequency_text, d.temporal_from, d.temporal_to, d.issued_at,
       d.updated_at, d.spatial, d.language, d.landing_page, d.keywords, d.record_count, d.notes, d.quality_badge,
       d.view_count, d.download_count, d.star, d.rating, d.rating_by, d.open_verdict, d.openness, d.completeness,
       d.extra, d.content_hash, d.created_at, d.modified_at, d.ledger_seq
  FROM dataset d WHERE d.slug = $key OR d.uid = $key;

-- dataset_by_id(id int) -> one dataset_row
SELECT d.id, d.uid, d.slug, d.source, d.source_key, d.identifier, d.organization_id, d.state, d.class, d.title,
       d.title_en, d.description, d.field_description, d.type, d.category, d.category_dataset, d.theme, d.licence,
       d.licence_text, d.licence_url, d.cost, d.cost_text, d.cost_url, d.cost_law, d.contact_org, d.contact_name,
       d.contact_phone, d.contact_email, d.publisher_name, d.publisher_contact, d.publisher_phone, d.publisher_email,
       d.publisher_oid, d.publisher_code, d.frequency, d.frequency_text, d.temporal_from, d.temporal_to, d.issued_at,
       d.updated_at, d.spatial, d.language, d.landing_page, d.keywords, d.record_count, d.notes, d.quality_badge,
       d.view_count, d.download_count, d.star, d.rating, d.rating_by, d.open_verdict, d.openness, d.completeness,
       d.extra, d.content_hash, d.created_at, d.modified_at, d.ledger_seq
  FROM dataset d WHERE d.id = $id;

-- dataset_by_identifier(identifier text) -> maybe dataset_row
-- The standard's identifier; the first that came when several sources claim it.
SELECT d.id, d.uid, d.slug, d.source, d.source_key, d.identifier, d.organization_id, d.state, d.class, d.title,
       d.title_en, d.description, d.field_description, d.type, d.category, d.category_dataset, d.theme, d.licence,
       d.licence_text, d.licence_url, d.cost, d.cost_text, d.cost_url, d.cost_law, d.contact_org, d.contact_name,
       d.contact_phone, d.contact_email, d.publisher_name, d.publisher_contact, d.publisher_phone, d.publisher_email,
       d.publisher_oid, d.publisher_code, d.frequency, d.frequency_text, d.temporal_from, d.temporal_to, d.issued_at,
       d.updated_at, d.spatial, d.language, d.landing_page, d.keywords, d.record_count, d.notes, d.quality_badge,
       d.view_count, d.download_count, d.star, d.rating, d.rating_by, d.open_verdict, d.openness, d.completeness,
       d.extra, d.content_hash, d.created_at, d.modified_at, d.ledger_seq
  FROM dataset d WHERE d.identifier = $identifier AND d.identifier <> '' ORDER BY d.id LIMIT 1;

-- dataset_each() -> each dataset_row
SELECT d.id, d.uid, d.slug, d.source, d.source_key, d.identifier, d.organization_id, d.state, d.class, d.title,
       d.title_en, d.description, d.field_description, d.type, d.category, d.category_dataset, d.theme, d.licence,
       d.licence_text, d.licence_url, d.cost, d.cost_text, d.cost_url, d.cost_law, d.contact_org, d.contact_name,
       d.contact_phone, d.contact_email, d.publisher_name, d.publisher_contact, d.publisher_phone, d.publisher_email,
       d.publisher_oid, d.publisher_code, d.frequency, d.frequency_text, d.temporal_from, d.temporal_to, d.issued_at,
       d.updated_at, d.spatial, d.language, d.landing_page, d.keywords, d.record_count, d.notes, d.quality_badge,
       d.view_count, d.download_count, d.star, d.rating, d.rating_by, d.open_verdict, d.openness, d.completeness,
       d.extra, d.content_hash, d.created_at, d.modified_at, d.ledger_seq
  FROM dataset d ORDER BY d.id;

-- dataset_after(id int, most int) -> list dataset_row
-- A piece of the catalogue in order of id: exports go on from the last one.
SELECT d.id, d.uid, d.slug, d.source, d.source_key, d.identifier, d.organization_id, d.state, d.class, d.title,
       d.title_en, d.description, d.field_description, d.type, d.category, d.category_dataset, d.theme, d.licence,
       d.licence_text, d.licence_url, d.cost, d.cost_text, d.cost_url, d.cost_law, d.contact_org, d.contact_name,
       d.contact_phone, d.contact_email, d.publisher_name, d.publisher_contact, d.publisher_phone, d.publisher_email,
       d.publisher_oid, d.publisher_code, d.frequency, d.frequency_text, d.temporal_from, d.temporal_to, d.issued_at,
       d.updated_at, d.spatial, d.language, d.landing_page, d.keywords, d.record_count, d.notes, d.quality_badge,
       d.view_count, d.download_count, d.star, d.rating, d.rating_by, d.open_verdict, d.openness, d.completeness,
       d.extra, d.content_hash, d.created_at, d.modified_at, d.ledger_seq
  FROM dataset d WHERE d.id > $id ORDER BY d.id LIMIT $most;

-- dataset_package(key text) -> maybe dataset_package_row
-- The rendered CKAN package, and what is needed to decide who may see it and to complete it.
SELECT d.id, d.slug, d.state, d.class, d.theme, d.organization_id, d.package_json
  FROM dataset d WHERE d.slug = $key OR d.uid = $key;

-- dataset_packages(ids ints) -> list dataset_package_row
SELECT d.id, d.slug, d.state, d.class, d.theme, d.organization_id, d.package_json
  FROM dataset d WHERE d.id IN ($ids);

-- dataset_briefs(ids ints) -> list dataset_brief
-- What a list shows of each; in no order.
SELECT d.id, d.slug, d.title, d.title_en, d.description, d.state, d.class, d.theme, d.licence, d.licence_text,
       d.rating, d.rating_by, d.openness, d.issued_at, d.updated_at, d.modified_at, d.view_count, d.download_count,
       d.organization_id, o.slug AS org_slug, o.name AS org_name, o.name_en AS org_name_en
  FROM dataset d JOIN organization o ON o.id = d.organization_id
 WHERE d.id IN ($ids);

-- dataset_formats(ids ints) -> list dataset_format
-- Formats of the datasets of a list, each once, with the stars of the best file that is declared so.
SELECT x.dataset_id, x.format, max(x.rating) AS "rating:int" FROM distribution x WHERE x.dataset_id IN ($ids)
 GROUP BY x.dataset_id, x.format ORDER BY x.dataset_id, max(x.rating) DESC, x.format;

-- dataset_keys(source text) -> each dataset_key
-- What an import must know of a source before it starts.
SELECT d.id, d.source_key, d.slug, d.content_hash FROM dataset d WHERE d.source = $source;

-- dataset_slugs() -> each dataset_slug
-- Names that are taken: those in use (subject 0), and old ones, which lead to their dataset for ever.
SELECT d.slug, 0 AS "subject:int" FROM dataset d
UNION ALL
SELECT a.slug, a.subject_id AS "subject:int" FROM alias a WHERE a.kind = 'dataset';

-- dataset_count() -> int
SELECT count(*) AS "n:int" FROM dataset;

-- distribution_of(dataset_id int) -> list distribution_row
SELECT id, uid, dataset_id, position, identifier, title, description, format, format_text, media_type, url_kind, url,
       charset, updated_at, record_count, byte_count, fields, metadata_url, notes, star, rating, found_format, extra
  FROM distribution WHERE dataset_id = $dataset_id ORDER BY position;

-- distribution_of_many(ids ints) -> list distribution_row
SELECT id, uid, dataset_id, position, identifier, title, description, format, format_text, media_type, url_kind, url,
       charset, updated_at, record_count, byte_count, fields, metadata_url, notes, star, rating, found_format, extra
  FROM distribution WHERE dataset_id IN ($ids) ORDER BY dataset_id, position;

-- distribution_by_key(key text) -> maybe distribution_row
-- By uid, or by the standard's resourceID.
SELECT id, uid, dataset_id, position, identifier, title, description, format, format_text, media_type, url_kind, url,
       charset, updated_at, record_count, byte_count, fields, metadata_url, notes, star, rating, found_format, extra
  FROM distribution WHERE uid = $key OR (identifier = $key AND identifier <> '') ORDER BY id LIMIT 1;

-- distribution_each() -> each distribution_row
SELECT id, uid, dataset_id, position, identifier, title, description, format, format_text, media_type, url_kind, url,
       charset, updated_at, record_count, byte_count, fields, metadata_url, notes, star, rating, found_format, extra
  FROM distribution ORDER BY dataset_id, position;

-- dataset_insert(id int, uid text, slug text, source text, source_key text, identifier text, organization_id int, state text, class text, title text, title_en text, description text, field_description text, type text, category text, category_dataset text, theme text, licence text, licence_text text, licence_url text, cost text, cost_text text, cost_url text, cost_law text, contact_org text, contact_name text, contact_phone text, contact_email text, publisher_name text, publisher_contact text, publisher_phone text, publisher_email text, publisher_oid text, publisher_code text, frequency text, frequency_text text, temporal_from text, temporal_to text, issued_at int?, updated_at int?, spatial text, language text, landing_page text, keywords text, record_count int?, notes text, quality_badge text, view_count int, download_count int, star int, rating int, rating_by text, open_verdict text, openness text, completeness int, extra text, content_hash text, package_json text, created_at int, modified_at int, ledger_seq int) -> send
INSERT INTO dataset (id, uid, slug, source, source_key, identifier, organization_id, state, class, title, title_en,
                     description, field_description, type, category, category_dataset, theme, licence, licence_text,
                     licence_url, cost, cost_text, cost_url, cost_law, contact_org, contact_name, contact_phone,
                     contact_email, publisher_name, publisher_contact, publisher_phone, publisher_email,
                     publisher_oid, publisher_code, frequency, frequency_text, temporal_from, temporal_to, issued_at,
                     updated_at, spatial, language, landing_page, keywords, record_count, notes, quality_badge,
                     view_count, download_count, star, rating, rating_by, open_verdict, openness, completeness,
                     extra, content_hash, package_json, created_at, modified_at, ledger_seq)
VALUES ($id, $uid, $slug, $source, $source_key, $identifier, $organization_id, $state, $class, $title, $title_en,
        $description, $field_description, $type, $category, $category_dataset, $theme, $licence, $licence_text,
        $licence_url, $cost, $cost_text, $cost_url, $cost_law, $contact_org, $contact_name, $contact_phone,
        $contact_email, $publisher_name, $publisher_contact, $publisher_phone, $publisher_email, $publisher_oid,
        $publisher_code, $frequency, $frequency_text, $temporal_from, $temporal_to, $issued_at, $updated_at,
        $spatial, $language, $landing_page, $keywords, $record_count, $notes, $quality_badge, $view_count,
        $download_count, $star, $rating, $rating_by, $open_verdict, $openness, $completeness, $extra,
        $content_hash, $package_json, $created_at, $modified_at, $ledger_seq);

-- dataset_update(id int, slug text, identifier text, organization_id int, state text, class text, title text, title_en text, description text, field_description text, type text, category text, category_dataset text, theme text, licence text, licence_text text, licence_url text, cost text, cost_text text, cost_url text, cost_law text, contact_org text, contact_name text, contact_phone text, contact_email text, publisher_name text, publisher_contact text, publisher_phone text, publisher_email text, publisher_oid text, publisher_code text, frequency text, frequency_text text, temporal_from text, temporal_to text, issued_at int?, updated_at int?, spatial text, language text, landing_page text, keywords text, record_count int?, notes text, quality_badge text, view_count int, download_count int, star int, rating int, rating_by text, open_verdict text, openness text, completeness int, extra text, content_hash text, package_json text, modified_at int, ledger_seq int) -> send
UPDATE dataset SET slug = $slug, identifier = $identifier, organization_id = $organization_id, state = $state, class = $class,
       title = $title, title_en = $title_en, description = $description, field_description = $field_description,
       type = $type, category = $category, category_dataset = $category_dataset, theme = $theme, licence = $licence,
       licence_text = $licence_text, licence_url = $licence_url, cost = $cost, cost_text = $cost_text,
       cost_url = $cost_url, cost_law = $cost_law, contact_org = $contact_org, contact_name = $contact_name,
       contact_phone = $contact_phone, contact_email = $contact_email, publisher_name = $publisher_name,
       publisher_contact = $publisher_contact, publisher_phone = $publisher_phone,
       publisher_email = $publisher_email, publisher_oid = $publisher_oid, publisher_code = $publisher_code,
       frequency = $frequency, frequency_text = $frequency_text, temporal_from = $temporal_from,
       temporal_to = $temporal_to, issued_at = $issued_at, updated_at = $updated_at, spatial = $spatial,
       language = $language, landing_page = $landing_page, keywords = $keywords, record_count = $record_count,
       notes = $notes, quality_badge = $quality_badge, view_count = $view_count, download_count = $download_count,
       star = $star, rating = $rating, rating_by = $rating_by, open_verdict = $open_verdict,
       openness = $openness, completeness = $completeness, extra = $extra,
       content_hash = $content_hash, package_json = $package_json, modified_at = $modified_at,
       ledger_seq = $ledger_seq
 WHERE id = $id;

-- distribution_insert(id int, uid text, dataset_id int, position int, identifier text, title text, description text, format text, format_text text, media_type text, url_kind text, url text, charset text, updated_at int?, record_count int?, byte_count int?, fields text, metadata_url text, notes text, star int, rating int, found_format text, extra text) -> send
INSERT INTO distribution (id, uid, dataset_id, position, identifier, title, description, format, format_text,
                          media_type, url_kind, url, charset, updated_at, record_count, byte_count, fields,
                          metadata_url, notes, star, rating, found_format, extra)
VALUES ($id, $uid, $dataset_id, $position, $identifier, $title, $description, $format, $format_text, $media_type,
        $url_kind, $url, $charset, $updated_at, $record_count, $byte_count, $fields, $metadata_url, $notes, $star,
        $rating, $found_format, $extra);

-- dataset_set_rating(id int, rating int, rating_by text, openness text, package_json text, ledger_seq int) -> send
UPDATE dataset SET rating = $rating, rating_by = $rating_by, openness = $openness, package_json = $package_json,
       ledger_seq = $ledger_seq
 WHERE id = $id;

-- distribution_set_rating(id int, rating int, found_format text) -> send
UPDATE distribution SET rating = $rating, found_format = $found_format WHERE id = $id;

-- distribution_clear(dataset_id int) -> send
DELETE FROM distribution WHERE dataset_id = $dataset_id;
