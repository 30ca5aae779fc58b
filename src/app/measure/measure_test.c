/* Indicators, badges, stars, series, and the pass over a record; on both engines. */
#include "support/datasets.h"

#include "app/find/find.h"
#include "app/measure/measure_count.h"
#include "app/measure/measure_found.h"
#include "app/table/table.h"
#include "app/table/table_words.h"
#include "kit/blob/blob.h"

static measure_file good(void)
{
    return (measure_file){ .format = S("CSV"), .charset = S("UTF-8"), .url = S("https://data.example/a.csv"), .asked = true, .answered = true,
                           .fetched = true, .is = S("CSV"), .encoding = S("UTF-8"), .read = true, .named = true, .star = 3 };
}

static measure_judgement judge(const measure_file *f, size_t n, int64_t days_x100, int64_t age_days)
{
    int64_t now = INT64_C(1700000000000);
    return measure_judge(&(measure_evidence){ .files = f, .n = n, .dated = true, .now = now, .updated_at = now - age_days * DAY_MS,
                                              .days_x100 = days_x100, .completeness = 100, .table_score = 100 });
}

static void badges_need_evidence(void **state)
{
    (void)state;
    measure_file f = good();
    measure_judgement j = judge(&f, 1, 3200, 10);
    assert_string_equal(j.letters, "yyyyyy?");
    assert_string_equal(j.badge, "platinum");
    assert_int_equal(j.score, 100);
    assert_string_equal(judge(&f, 1, 3200, 40).badge, "gold");
    assert_string_equal(judge(&f, 1, 0, 40).badge, "gold");         /* irregular: not asked, and no platinum */
    assert_int_equal(judge(&f, 1, 3200, -5).letters[MEASURE_timely], '?');      /* it has not been updated yet */
    f.missing = 1;
    assert_string_equal(judge(&f, 1, 3200, 10).badge, "silver");
    f = good();
    f.charset = S("BIG-5");
    assert_string_equal(judge(&f, 1, 3200, 10).badge, "silver");
    f = good();
    f.answered = false;
    assert_string_equal(judge(&f, 1, 3200, 10).badge, "none");
    f = (measure_file){ .format = S("CSV"), .url = S("https://data.example/a.csv"), .star = 3 };
    j = judge(&f, 1, -1, 0);
    assert_string_equal(j.letters, "???????");                      /* a declaration proves nothing */
    assert_string_equal(j.badge, "unknown");
}

static void bytes_speak_before_declarations(void **state)
{
    (void)state;
    measure_file f = good();
    f.is = S("PDF");
    f.read = f.named = false;
    f.encoding = (str){ 0 };
    measure_judgement j = judge(&f, 1, 0, 0);
    assert_int_equal(j.letters[MEASURE_structure], 'n');
    f.is = S("HTML");
    assert_int_equal(judge(&f, 1, 0, 0).letters[MEASURE_direct], 'n');
    f.gave = LINK_FILE;                                             /* a walk that was later says otherwise */
    assert_int_equal(judge(&f, 1, 0, 0).letters[MEASURE_direct], 'y');
    measure_file asked = { .format = S("CSV"), .url = S("https://data.example/a.csv"), .asked = true, .answered = true, .gave = LINK_PAGE };
    assert_int_equal(judge(&asked, 1, 0, 0).letters[MEASURE_direct], 'n');
    measure_file two[] = { good(), { .format = S("PDF"), .url = S("https://data.example/a.pdf"), .star = 1 } };
    j = judge(two, 2, 0, 0);
    assert_int_equal(j.letters[MEASURE_structure], 'n');            /* the intersection of its files */
    two[1] = (measure_file){ .format = S("CSV"), .url = S("https://data.example/b.csv"), .star = 3 };
    assert_int_equal(judge(two, 2, 0, 0).letters[MEASURE_structure], 'y');      /* what is not known is not counted */
    assert_int_equal(judge(NULL, 0, 0, 0).letters[MEASURE_link], 'n');
    f = good();
    f.is = S("XLSX");
    f.encoding = (str){ 0 };
    assert_int_equal(judge(&f, 1, 0, 0).letters[MEASURE_encoding], '-');
}

static void bytes_are_judged_beside_what_is_declared(void **state)
{
    static const struct { const char *declared, *is, *want; } cases[] = {
        { "CSV", "CSV", "CSV" }, { "CSV", "PDF", "PDF" }, { "CSV", "", "" }, { "CSV", "HTML", "HTML" }, { "CSV", "XLSX", "XLSX" },
        { "RDF", "XML", "RDF" }, { "JSON-LD", "JSON", "JSON-LD" }, { "SHP", "ZIP", "SHP" }, { "PDF", "ZIP", "ZIP" },
        { "NETCDF", "unknown bytes", "" }, { "CSV", "unknown bytes", "unknown bytes" }, { "NETCDF", "HTML", "HTML" },
        { "GPKG", "GeoPackage or SQLite", "GPKG" }, { "CSV", "GeoPackage or SQLite", "SQLITE" }, { "API", "JSON", "JSON" },
        { "", "CSV", "CSV" }, { "OTHER", "an image", "an image" }, { "CSV", "an archive", "CSV" }, { "TXT", "CSV", "TXT" },
    };
    (void)state;
    for (size_t i = 0; i < array_len(cases); i++) {
        str got = measure_found(str_of(cases[i].declared), str_of(cases[i].is));
        if (!str_eq(got, str_of(cases[i].want)))
            fail_msg("%s, which is %s: %.*s", cases[i].declared, cases[i].is, S_ARG(got));
    }
}

static void stem(ctx *c, const char *title, const char *want)
{
    str got = measure_stem(c->a, table_words(), str_of(title));
    if (!str_eq(got, str_of(want)))
        fail_msg("%s: got %.*s, want %s", title, S_ARG(got), want);
}

static void titles_of_series_are_told(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    stem(&c, "臺中市113年5月觀光人數統計表", "…觀光人數統計表");
    stem(&c, "板橋區公告土地現值", "…公告土地現值");
    stem(&c, "中央政府總預算歲出", "");
    stem(&c, "113年度", "");                                         /* too little is left */
    stem(&c, "交通事故資料-112年上半年", "交通事故資料-…");
    stem(&c, "新埔國小學校午餐食材", "…學校午餐食材");
    measure_member m[] = {
        { .id = 1, .title = S("111年觀光人數統計表") }, { .id = 2, .title = S("112年觀光人數統計表") },
        { .id = 3, .title = S("113年觀光人數統計表"), .columns = S("a\nb\n") }, { .id = 4, .title = S("114年觀光人數統計表") },
        { .id = 5, .title = S("列管公廁清冊") }, { .id = 6, .title = S("113年交通事故件數"), .columns = S("a\n") },
        { .id = 7, .title = S("112年交通事故件數"), .columns = S("a\n") }, { .id = 8, .title = S("111年交通事故件數"), .columns = S("a\n") },
    };
    measure_series(c.a, table_words(), m, array_len(m));
    int64_t want[] = { 1, 1, 0, 1, 0, 6, 6, 6 };                    /* other columns are another table */
    for (size_t i = 0; i < array_len(m); i++)
        assert_int_equal(m[i].series, want[i]);
    assert_false(m[0].sure);
    assert_true(m[5].sure);
    assert_int_equal(m[0].count, 3);
    arena_free(c.a);
}

/* --- the pass --- */

static void add(ctx *c, const char *key, const char *title, const char *class, const char *format)
{
    dataset_draft d = test_draft(key, title, "臺北市政府");
    d.class_ = str_of(class);
    (void)test_draft_file(c, &d, "f", format, S("https://data.example.gov.tw/x"));
    (void)test_store(c, &d);
}

static void the_pass_writes_what_changed(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    measure_report r;
    measure_count k;
    dataset_quality_row q;
    dataset_row d;
    bool found;
    c->actor = S("operator:test");
    add(c, "visitors-111", "111年觀光人數統計", "open", "CSV");
    add(c, "visitors-112", "112年觀光人數統計", "open", "CSV");
    add(c, "visitors-113", "113年觀光人數統計", "open", "PDF");
    add(c, "visitors-114", "114年觀光人數統計", "closed", "CSV");
    assert_ok(c, measure_run(c, false, &r));
    assert_int_equal(r.datasets, 3);                    /* what visitors do not see is not measured */
    assert_int_equal(r.changed, 3);
    assert_int_equal(r.series, 1);
    int64_t seq, again;
    assert_ok(c, ledger_seq(c, &seq));
    assert_ok(c, measure_run(c, true, &r));
    assert_int_equal(r.changed, 0);
    assert_ok(c, ledger_seq(c, &again));
    assert_int_equal(again, seq);                       /* nothing changed: no row, no cache is emptied */
    assert_ok(c, q_dataset_by_key(c, S("visitors-113"), &d, &found));
    assert_ok(c, q_measure_of_dataset(c, d.id, &q, &found));
    assert_true(found);
    assert_str(q.indicators, S("??n-???"));
    assert_int_equal(q.series_count, 3);
    assert_ok(c, measure_count_up(c, 0, &k));
    assert_int_equal(k.datasets, 3);
    assert_int_equal(k.split, 3);
    assert_int_equal(k.outcomes[MEASURE_structure].failed, 1);
    assert_int_equal(k.outcomes[MEASURE_structure].unknown, 2);
    assert_ok(c, measure_count_up(c, d.organization_id, &k));
    assert_int_equal(k.datasets, 3);
    measure_day_row_list days;
    assert_ok(c, q_measure_days(c, 0, 10, &days));
    assert_int_equal(days.n, 1);
    assert_int_equal(days.v[0].datasets, 3);
    /* hidden at once, without a pass; forgotten by the next */
    assert_ok(c, db_script(c, S("UPDATE dataset SET state = 'draft' WHERE slug = 'visitors-113'")));
    assert_ok(c, measure_count_up(c, 0, &k));
    assert_int_equal(k.datasets, 2);
    assert_ok(c, measure_run(c, true, &r));
    assert_ok(c, q_measure_of_dataset(c, d.id, &q, &found));
    assert_false(found);
}

/* --- stars by the bytes --- */

static store_outcome again(ctx *c, const char *format, const char *description)
{
    dataset_draft d = test_draft("toilets", "列管公廁清冊", "臺北市政府");
    d.description = str_of(description);
    (void)test_draft_file(c, &d, "f", format, S("https://data.example.gov.tw/x"));
    return test_store(c, &d);
}

static void put_bytes(ctx *c, const dataset_row *d, str uid, str bytes)
{
    blob_id id;
    int64_t file;
    bool fresh;
    assert_ok(c, blob_keep(c, c->site->blob_dir, bytes, &id));
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    assert_ok(c, q_blob_add(c, str_dup(c->a, str_of(id.hex)), id.bytes, S("x"), ch.at, ch.seq));
    assert_ok(c, table_put_file(c, &ch, &(table_file_draft){ .distribution_uid = uid, .dataset_id = d->id, .organization_id = d->organization_id,
                                                             .blob = str_of(id.hex), .bytes = id.bytes, .name = S("x") }, &file, &fresh));
    assert_ok(c, change_commit(c, &ch));
}

/* The same stars in the row, in the index, in lists, in the package of the CKAN API. */
static void stars_are(ctx *c, int64_t stars, const char *by, const char *found)
{
    dataset_row d;
    distribution_row_list files;
    dataset_brief_list briefs;
    dataset_package_row p;
    find_answer a;
    bool there;
    assert_ok(c, q_dataset_by_key(c, S("toilets"), &d, &there));
    assert_ok(c, q_distribution_of(c, d.id, &files));
    assert_int_equal(d.rating, stars);
    assert_str(d.rating_by, str_of(by));
    assert_int_equal(files.v[0].rating, stars);
    assert_str(files.v[0].found_format, str_of(found));
    assert_ok(c, q_dataset_briefs(c, (q_ints){ &d.id, 1 }, &briefs));
    assert_int_equal(briefs.v[0].rating, stars);
    assert_ok(c, q_dataset_package(c, S("toilets"), &p, &there));
    assert_true(str_has(p.package_json, str_fmt(c->a, "{\"key\":\"star\",\"value\":\"%" PRId64 "\"}", stars)));
    assert_int_equal(str_has(p.package_json, S("\"star_by\":\"bytes\"")), found[0] != '\0');
    assert_ok(c, find_catch_up(c, c->site));
    find_filter want[] = { { FIND_STAR, str_fmt(c->a, "%" PRId64, stars) }, { FIND_STAR_BY, str_of(by) } };
    assert_ok(c, find_run(c, ROLE_VISITOR, &(find_request){ .filters = want, .filter_count = 2, .page = 1, .rows = 5 }, &a));
    assert_int_equal(a.total, 1);
}

static void the_bytes_give_the_stars_of_all_faces(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    dataset_row d;
    distribution_row_list files;
    measure_report r;
    measure_ids wrong;
    ledger_row_list rows;
    bool found;
    c->actor = S("operator:test");
    assert_int_equal(again(c, "CSV", "一"), STORE_CREATED);
    assert_ok(c, find_open(c, c->site));
    stars_are(c, 3, "declared", "");
    assert_ok(c, q_dataset_by_key(c, S("toilets"), &d, &found));
    assert_ok(c, q_distribution_of(c, d.id, &files));
    str hash = d.content_hash;
    put_bytes(c, &d, files.v[0].uid, S("%PDF-1.4\n1 0 obj\n"));
    assert_ok(c, measure_run(c, false, &r));
    stars_are(c, 1, "bytes", "PDF");
    assert_ok(c, q_ledger_of_subject(c, S("dataset"), d.id, 1, &rows));
    assert_str(rows.v[0].action, S("dataset.rate"));
    assert_str(rows.v[0].state_hash, hash);                         /* what its publisher says has not changed */
    assert_ok(c, q_dataset_by_key(c, S("toilets"), &d, &found));
    assert_int_equal(d.ledger_seq, rows.v[0].seq);
    assert_ok(c, measure_run(c, true, &r));
    assert_int_equal(r.changed, 0);
    /* records that come again neither change them nor see a difference */
    assert_int_equal(again(c, "CSV", "一"), STORE_UNCHANGED);
    assert_int_equal(again(c, "CSV", "二"), STORE_UPDATED);
    stars_are(c, 1, "bytes", "PDF");
    /* better bytes, and a lost rating that is measured again */
    put_bytes(c, &d, files.v[0].uid, S("{\"a\": [1, 2]}\n"));
    assert_ok(c, measure_run(c, false, &r));
    stars_are(c, 3, "bytes", "JSON");
    assert_ok(c, measure_run(c, false, &r));
    assert_ok(c, measure_wrong_ratings(c, &wrong));
    assert_int_equal(wrong.n, 0);
    assert_ok(c, db_script(c, S("UPDATE distribution SET found_format = 'PDF', rating = 1; UPDATE dataset SET rating = 1")));
    assert_ok(c, measure_wrong_ratings(c, &wrong));
    assert_int_equal(wrong.n, 1);
    assert_ok(c, measure_run(c, true, &r));
    stars_are(c, 3, "bytes", "JSON");
    find_close(c->site);
}

static void datasets_that_nobody_sees_are_rated_too(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    dataset_row d;
    distribution_row_list files;
    measure_report r;
    bool found;
    c->actor = S("operator:test");
    assert_int_equal(again(c, "CSV", "一"), STORE_CREATED);
    assert_ok(c, db_script(c, S("UPDATE dataset SET class = 'closed'")));
    assert_ok(c, q_dataset_by_key(c, S("toilets"), &d, &found));
    assert_ok(c, q_distribution_of(c, d.id, &files));
    put_bytes(c, &d, files.v[0].uid, S("%PDF-1.4\n1 0 obj\n"));
    assert_ok(c, measure_run(c, true, &r));
    assert_ok(c, q_dataset_by_key(c, S("toilets"), &d, &found));
    assert_int_equal(d.rating, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(badges_need_evidence),
        cmocka_unit_test(bytes_speak_before_declarations),
        cmocka_unit_test(bytes_are_judged_beside_what_is_declared),
        cmocka_unit_test(titles_of_series_are_told),
        cmocka_unit_test_setup_teardown(the_pass_writes_what_changed, test_site_setup, test_site_teardown),
        cmocka_unit_test_setup_teardown(the_bytes_give_the_stars_of_all_faces, test_site_setup, test_site_teardown),
        cmocka_unit_test_setup_teardown(datasets_that_nobody_sees_are_rated_too, test_site_setup, test_site_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
