-- What the pages of themes and categories read.

-- theme_page_news(ids ints) -> list theme_dataset
-- The newest datasets, whose ids the index gave (under the reader's sight).
SELECT d.id, d.slug, d.title, d.title_en, d.updated_at, d.modified_at, o.name AS organization, o.name_en AS organization_en
  FROM dataset d JOIN organization o ON o.id = d.organization_id
 WHERE d.id IN ($ids);
