-- organization_by_id(id int) -> one organization_row
SELECT id, uid, slug, name, name_en, short_name, code, oid, kind, grade, parent_id, description, homepage, state,
       extra, created_at, modified_at, ledger_seq
  FROM organization WHERE id = $id;

-- organization_by_key(key text) -> maybe organization_row
-- By slug or uid, as they stand in addresses and in the CKAN API.
SELECT id, uid, slug, name, name_en, short_name, code, oid, kind, grade, parent_id, description, homepage, state,
       extra, created_at, modified_at, ledger_seq
  FROM organization WHERE slug = $key OR uid = $key;

-- organization_list() -> list organization_row
SELECT id, uid, slug, name, name_en, short_name, code, oid, kind, grade, parent_id, description, homepage, state,
       extra, created_at, modified_at, ledger_seq
  FROM organization ORDER BY id;

-- organization_each() -> each organization_row
SELECT id, uid, slug, name, name_en, short_name, code, oid, kind, grade, parent_id, description, homepage, state,
       extra, created_at, modified_at, ledger_seq
  FROM organization ORDER BY id;

-- organization_children(parent_id int) -> list organization_row
SELECT id, uid, slug, name, name_en, short_name, code, oid, kind, grade, parent_id, description, homepage, state,
       extra, created_at, modified_at, ledger_seq
  FROM organization WHERE parent_id = $parent_id ORDER BY id;

-- organization_insert(id int, uid text, slug text, name text, name_en text, short_name text, code text, oid text, kind text, grade text, parent_id int, description text, homepage text, state text, extra text, created_at int, modified_at int, ledger_seq int) -> send
INSERT INTO organization (id, uid, slug, name, name_en, short_name, code, oid, kind, grade, parent_id, description,
                          homepage, state, extra, created_at, modified_at, ledger_seq)
VALUES ($id, $uid, $slug, $name, $name_en, $short_name, $code, $oid, $kind, $grade, $parent_id, $description,
        $homepage, $state, $extra, $created_at, $modified_at, $ledger_seq);

-- organization_update(id int, name_en text, short_name text, code text, oid text, kind text, grade text, parent_id int, description text, homepage text, extra text, modified_at int, ledger_seq int) -> send
UPDATE organization SET name_en = $name_en, short_name = $short_name, code = $code, oid = $oid, kind = $kind,
       grade = $grade, parent_id = $parent_id, description = $description, homepage = $homepage, extra = $extra,
       modified_at = $modified_at, ledger_seq = $ledger_seq
 WHERE id = $id;

-- alias_find(kind text, slug text) -> maybe alias_row
SELECT subject_id FROM alias WHERE kind = $kind AND slug = $slug;

-- alias_add(kind text, slug text, subject_id int) -> run
INSERT INTO alias (kind, slug, subject_id) VALUES ($kind, $slug, $subject_id)
    ON CONFLICT (kind, slug) DO UPDATE SET subject_id = excluded.subject_id;
