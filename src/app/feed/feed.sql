-- Statements of the feeds and the sitemap.

-- feed_entries(ids ints) -> list feed_entry
-- What an entry of a feed shows; the order is the caller's.
SELECT d.id, d.uid, d.slug, d.title, d.title_en, d.description, d.issued_at, d.updated_at, d.created_at, d.modified_at,
       o.name AS org_name, o.name_en AS org_name_en
  FROM dataset d JOIN organization o ON o.id = d.organization_id WHERE d.id IN ($ids);

-- feed_places(first int, past int) -> each feed_place
-- Addresses for the sitemap: datasets by number, so that a piece of it stays the same.
SELECT slug, state, class, modified_at FROM dataset WHERE id >= $first AND id < $past ORDER BY id;

-- feed_organizations() -> each feed_organization
SELECT slug, modified_at FROM organization WHERE state = 'active' ORDER BY id;

-- feed_last_id() -> int
SELECT COALESCE(max(id), 0) AS "n:int" FROM dataset;
