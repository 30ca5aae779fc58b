-- What the CKAN Action API reads besides the statements of the subjects.

-- ckan_organizations(ids ints) -> list ckan_organization
-- What a package shows of its publisher.
SELECT id, uid, slug, name, description, state, created_at FROM organization WHERE id IN ($ids);

-- ckan_organization_by_key(key text) -> maybe ckan_organization_key
-- By slug, uid, or a slug it had before.
SELECT o.id, o.slug, o.uid FROM organization o
 WHERE o.slug = $key OR o.uid = $key
    OR o.id = (SELECT a.subject_id FROM alias a WHERE a.kind = 'organization' AND a.slug = $key)
 ORDER BY CASE WHEN o.slug = $key THEN 0 WHEN o.uid = $key THEN 1 ELSE 2 END LIMIT 1;

-- ckan_uids() -> list ckan_organization_uid
SELECT slug, uid FROM organization;

-- ckan_urls(pattern text) -> list ckan_dataset_id
-- Datasets with a distribution whose address is like that.
SELECT DISTINCT x.dataset_id AS id FROM distribution x WHERE lower(x.url) LIKE $pattern ESCAPE '!' ORDER BY x.dataset_id LIMIT 100000;

-- ckan_people(pattern text) -> list ckan_dataset_id
-- Datasets whose author (the publisher, its contact) is like that.
SELECT d.id FROM dataset d
 WHERE lower(d.publisher_contact) LIKE $pattern ESCAPE '!' OR lower(d.publisher_name) LIKE $pattern ESCAPE '!'
 ORDER BY d.id LIMIT 100000;

-- ckan_maintainers(pattern text) -> list ckan_dataset_id
SELECT d.id FROM dataset d
 WHERE lower(d.contact_name) LIKE $pattern ESCAPE '!' OR lower(d.contact_org) LIKE $pattern ESCAPE '!'
 ORDER BY d.id LIMIT 100000;

-- ckan_resource(key text) -> maybe ckan_resource_row
SELECT uid, dataset_id FROM distribution WHERE uid = $key;

-- ckan_resources(id text, name text, description text, url text, format text, media_type text) -> each ckan_resource_hit
-- Patterns in lower case; empty: anything. Who may see the dataset is decided by the caller.
SELECT uid, dataset_id, CASE WHEN title <> '' THEN title ELSE description END AS "name:text", description, url, format
  FROM distribution
 WHERE ($id = '' OR uid LIKE $id ESCAPE '!')
   AND ($name = '' OR lower(CASE WHEN title <> '' THEN title ELSE description END) LIKE $name ESCAPE '!')
   AND ($description = '' OR lower(description) LIKE $description ESCAPE '!')
   AND ($url = '' OR lower(url) LIKE $url ESCAPE '!')
   AND ($format = '' OR lower(format) LIKE $format ESCAPE '!')
   AND ($media_type = '' OR lower(media_type) LIKE $media_type ESCAPE '!')
 ORDER BY id;

-- ckan_activity(dataset_id int, most int, skip int) -> list ckan_activity_row
-- What happened to a dataset, newest first.
SELECT seq, at, actor, action FROM ledger
 WHERE subject_kind = 'dataset' AND subject_id = $dataset_id
 ORDER BY seq DESC LIMIT $most OFFSET $skip;

-- ckan_tables(ids ints) -> list ckan_table_row
-- Distributions of datasets that have a live table.
SELECT DISTINCT dataset_id, distribution_uid FROM data_table WHERE dataset_id IN ($ids) AND state = 'live' ORDER BY dataset_id, distribution_uid;
