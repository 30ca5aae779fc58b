/* Tests of backup, restore and verify, on both engines: what was backed up is what is restored, here and on the other
 * engine; each kind of tampering is found and named; a damaged backup leaves nothing. */
#include "support/datasets.h"

#include "app/care/care.h"
#include "kit/blob/blob.h"
#include "queries.h"

static void add(ctx *c, const char *key, const char *title)
{
    dataset_draft d = test_draft(key, title, "交通部公路局");
    d.publisher.parent_name = S("交通部");
    d.licence = S("政府資料開放授權條款-第1版");
    test_draft_file(c, &d, "一\n二", "CSV", S("https://example.gov.tw/a"))->record_count = 7;
    (void)test_store(c, &d);
}

static str add_blob(ctx *c, str bytes)
{
    blob_id id;
    assert_ok(c, blob_keep(c, c->site->blob_dir, bytes, &id));
    str hash = str_dup(c->a, str_of(id.hex));
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    assert_ok(c, change_record(c, &ch, &(ledger_entry){ .action = S("catalog.import"), .subject_kind = S("blob"), .subject_key = hash,
                                                        .state_hash = hash }));
    assert_ok(c, q_blob_add(c, hash, id.bytes, S("a.csv"), ch.at, ch.seq));
    assert_ok(c, change_commit(c, &ch));
    return hash;
}

static void fill(ctx *c)
{
    add(c, "1", "公車站牌");
    add(c, "2", "空氣品質");
    add(c, "2", "空氣品質 即時");
    add_blob(c, S("a,b\n\r\n\0\n[1]\n"));
}

static void clean(ctx *c, site *s, care_verdict *v)
{
    assert_ok(c, care_verify(c, s, NULL, v));
    for (size_t i = 0; i < v->findings.n; i++)
        print_error("%.*s: %.*s\n", S_ARG(v->findings.v[i].subject), S_ARG(v->findings.v[i].what));
    assert_int_equal(v->found, 0);
}

static void same(const care_verdict *x, const care_verdict *y)
{
    assert_int_equal(x->ledger_rows, y->ledger_rows);
    assert_int_equal(x->datasets, y->datasets);
    assert_int_equal(x->distributions, y->distributions);
    assert_int_equal(x->blobs, y->blobs);
    assert_str(x->ledger_hash, y->ledger_hash);
}

/* Restores `file` and looks at the result; gives back a backup of it. */
static str restored(test_site *t, str file, const char *name, str database, const care_verdict *want)
{
    ctx r = { .a = t->c.a, .actor = S("test"), .lang = LANG_EN };
    care_backup_report report, again;
    care_verdict v;
    site *s;
    str dir = file_join(r.a, t->dir, str_of(name)), copy = str_cat(r.a, dir, S(".backup"));
    assert_ok(&r, care_restore(&r, file, dir, database, NULL, &report));
    assert_ok(&r, site_open(&r, &(site_options){ .data_dir = dir, .database = database, .as_it_is = true }, &s));
    clean(&r, s, &v);
    same(&v, want);
    assert_true(report.rows > 0 && report.tables > 5);
    assert_ok(&r, care_backup(&r, s, copy, NULL, &again));
    assert_int_equal(again.rows, report.rows);
    site_detach(&r);
    site_close(s);
    return copy;
}

static void restored_is_the_same_on_either_engine(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    care_backup_report report;
    care_verdict v;
    fill(c);
    clean(c, c->site, &v);
    assert_int_equal(v.datasets, 2);
    assert_int_equal(v.blobs, 1);
    str file = file_join(c->a, t->dir, S("one.backup"));
    assert_ok(c, care_backup(c, c->site, file, NULL, &report));
    assert_int_equal(report.findings.n, 0);
    str second = test_database_new(t, "restored");
    str other = restored(t, file, "other", file_join(c->a, t->dir, S("other.db")), &v);      /* always SQLite */
    (void)restored(t, other, "same", second, &v);
    test_database_drop(t, second);
}

static void nothing_is_overwritten(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c, r = { .a = c->a };
    care_backup_report report;
    fill(c);
    str file = file_join(c->a, t->dir, S("one.backup"));
    assert_ok(c, care_backup(c, c->site, file, NULL, &report));
    assert_false(care_backup(c, c->site, file, NULL, &report));
    assert_int_equal(c->err.code, ERR_CONFLICT);
    err_clear(c);
    assert_false(care_restore(&r, file, file_join(c->a, t->dir, S("new")), c->site->database, NULL, &report));
    assert_int_equal(r.err.code, ERR_CONFLICT);
    assert_false(file_exists(c, file_join(c->a, t->dir, S("new"))));
    err_clear(&r);
    assert_false(care_restore(&r, file, t->dir, file_join(c->a, t->dir, S("x.db")), NULL, &report));
    assert_int_equal(r.err.code, ERR_CONFLICT);
    care_verdict v;
    clean(c, c->site, &v);
}

static void a_damaged_backup_leaves_nothing(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c, r = { .a = c->a };
    care_backup_report report;
    str whole, dir = file_join(c->a, t->dir, S("new")), database = file_join(c->a, t->dir, S("new.db"));
    fill(c);
    str file = file_join(c->a, t->dir, S("one.backup")), bad = file_join(c->a, t->dir, S("bad.backup"));
    assert_ok(c, care_backup(c, c->site, file, NULL, &report));
    assert_ok(c, file_read(c, file, 1 << 20, &whole));
    for (int kind = 0; kind < 12; kind++) {
        str bytes = str_dup(c->a, whole);
        if (kind < 10)
            ((char *)(uintptr_t)bytes.p)[20 + (bytes.n - 40) * (size_t)kind / 10] ^= 0x15;
        else
            bytes.n = kind == 10 ? bytes.n / 2 : 3;
        assert_ok(c, file_write(c, bad, bytes));
        assert_false(care_restore(&r, bad, dir, database, NULL, &report));
        assert_true(r.err.code == ERR_INVALID);
        assert_false(file_exists(c, dir) || file_exists(c, database));
        err_clear(&r);
    }
    assert_false(care_restore(&r, file_join(c->a, t->dir, S("absent")), dir, database, NULL, &report));
    assert_int_equal(r.err.code, ERR_NOT_FOUND);
}

static void finds(ctx *c, const char *script, const char *subject)
{
    care_verdict v;
    assert_ok(c, db_script(c, str_of(script)));
    assert_ok(c, care_verify(c, c->site, NULL, &v));
    bool named = false;
    for (size_t i = 0; i < v.findings.n; i++)
        named = named || str_starts(v.findings.v[i].subject, str_of(subject));
    if (!named) {
        print_error("%s\n  found %d, nothing of %s\n", script, (int)v.found, subject);
        for (size_t i = 0; i < v.findings.n; i++)
            print_error("  %.*s: %.*s\n", S_ARG(v.findings.v[i].subject), S_ARG(v.findings.v[i].what));
    }
    assert_true(named && v.found > 0);
}

static void changes_are_found(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    care_verdict v;
    fill(c);
    static const char *const cases[][3] = {   /* what somebody did, what undoes it, whom verify names */
        { "UPDATE dataset SET title = '偽' WHERE id = 1", "UPDATE dataset SET title = '公車站牌' WHERE id = 1", "dataset 1 (" },
        { "UPDATE dataset SET view_count = 9 WHERE source_key = '2'", "UPDATE dataset SET view_count = 0 WHERE source_key = '2'", "dataset 1025 (" },
        { "UPDATE dataset SET ledger_seq = 1 WHERE source_key = '2'", "UPDATE dataset SET ledger_seq = (SELECT max(seq) FROM ledger WHERE subject_kind = 'dataset' AND subject_id = 1025) WHERE source_key = '2'", "dataset 1025 (" },
        { "UPDATE dataset SET package_json = '{}' || package_json WHERE source_key = '2'", "UPDATE dataset SET package_json = substr(package_json, 3) WHERE source_key = '2'", "dataset 1025 (" },
        { "UPDATE distribution SET url = url || 'x' WHERE dataset_id = 1", "UPDATE distribution SET url = 'https://example.gov.tw/a'", "dataset 1 (" },
        { "UPDATE distribution SET dataset_id = 77 WHERE dataset_id = 1", "UPDATE distribution SET dataset_id = 1 WHERE dataset_id = 77", "distribution " },
        { "UPDATE dataset SET organization_id = 99 WHERE id = 1", "UPDATE dataset SET organization_id = 2 WHERE id = 1", "dataset 1 (" },
        { "UPDATE organization SET name = 'x' WHERE id = 1", "UPDATE organization SET name = '交通部' WHERE id = 1", "organization 1 (" },
        { "UPDATE target SET least = least + 1 WHERE grade = 'A'", "UPDATE target SET least = least - 1 WHERE grade = 'A'", "target A/" },
        { "UPDATE counter SET next = 1 WHERE name = 'dataset'", "UPDATE counter SET next = 5000 WHERE name = 'dataset'", "counter dataset" },
        { "UPDATE ledger SET actor = 'x' WHERE seq = 20", "UPDATE ledger SET actor = 'test' WHERE seq = 20", "ledger row 20" },
    };
    for (size_t i = 0; i < array_len(cases); i++) {
        finds(c, cases[i][0], cases[i][2]);
        assert_ok(c, db_script(c, str_of(cases[i][1])));
        clean(c, c->site, &v);
    }
}

static void missing_rows_are_found(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    fill(c);
    finds(c, "DELETE FROM dataset WHERE id = 1", "dataset 1 (");
    finds(c, "SELECT 1", "distribution ");
    finds(c, "DELETE FROM target WHERE grade = 'B'", "targets");
    finds(c, "DELETE FROM ledger WHERE seq = 4", "ledger row ");
}

static void blobs_are_looked_at(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    care_verdict v;
    care_backup_report report;
    str hash = add_blob(c, S("first")), second = add_blob(c, S("second"));
    blob_id spare;
    assert_ok(c, blob_keep(c, c->site->blob_dir, S("of nobody"), &spare));
    clean(c, c->site, &v);
    assert_int_equal(v.spare_blobs, 1);
    str path = blob_path(c->a, c->site->blob_dir, hash);
    assert_ok(c, file_remove(c, path));
    finds(c, "SELECT 1", "blob ");
    assert_ok(c, file_write(c, path, S("FIRST")));
    finds(c, "SELECT 1", "blob ");
    str file = file_join(c->a, c->site->data_dir, S("one.backup"));
    assert_ok(c, care_backup(c, c->site, file, NULL, &report));
    assert_int_equal(report.findings.n, 1);
    assert_int_equal(report.blobs, 1);
    assert_ok(c, file_write(c, path, S("first")));
    clean(c, c->site, &v);
    assert_ok(c, file_remove(c, blob_path(c->a, c->site->blob_dir, second)));
    assert_ok(c, db_script(c, str_fmt(c->a, "DELETE FROM blob WHERE hash = '%.*s'", S_ARG(second))));
    finds(c, "SELECT 1", "blob ");
}

int main(void)
{
    log_set_level(LOG_WARN);
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(restored_is_the_same_on_either_engine), T(nothing_is_overwritten), T(a_damaged_backup_leaves_nothing),
        T(changes_are_found), T(missing_rows_are_found), T(blobs_are_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
