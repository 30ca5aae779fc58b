-- What the page of targets reads besides the rows of target.sql.

-- target_page_agencies() -> list target_agency
-- The agencies that the action plan grades.
SELECT id, slug, name, name_en, short_name, grade
  FROM organization
 WHERE grade <> '' AND state = 'active'
 ORDER BY grade, id;
