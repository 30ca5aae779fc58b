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
