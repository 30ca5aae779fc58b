-- What the pages of organisations read besides the rows of organization.sql.

-- organization_page_one(name text) -> maybe organization_full
-- By slug, uid or agency code; the code of an agency that has several rows gives the first.
SELECT id, uid, slug, name, name_en, short_name, code, oid, kind, grade, parent_id, description, homepage, state,
       created_at, modified_at, ledger_seq
  FROM organization
 WHERE slug = $name OR uid = $name OR (code = $name AND code <> '')
 ORDER BY CASE WHEN slug = $name THEN 0 WHEN uid = $name THEN 1 ELSE 2 END, id
 LIMIT 1;

-- organization_page_alias(slug text) -> maybe organization_alias
-- An old slug still leads to what bears another now.
SELECT o.slug
  FROM alias a JOIN organization o ON o.id = a.subject_id
 WHERE a.kind = 'organization' AND a.slug = $slug;

-- organization_page_target(grade text, year int) -> maybe organization_target
-- The least number of a grade in the year, or the latest year before it.
SELECT grade, year, least, note
  FROM target
 WHERE grade = $grade AND year <= $year
 ORDER BY year DESC
 LIMIT 1;
