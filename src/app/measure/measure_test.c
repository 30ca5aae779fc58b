/* Indicators, badges, stars, series, and the pass over a record; on both engines. */
#include "support/support.h"

#include "app/dataset/dataset.h"
#include "app/measure/measure_count.h"
#include "app/table/table_words.h"

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
    assert_int_equal(j.star, 3);
    assert_true(j.by_bytes);
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
    assert_false(j.by_bytes);
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
    assert_int_equal(j.star, 1);
    f.is = S("HTML");
    assert_int_equal(judge(&f, 1, 0, 0).letters[MEASURE_direct], 'n');
    measure_file two[] = { good(), { .format = S("PDF"), .url = S("https://data.example/a.pdf"), .star = 1 } };
    j = judge(two, 2, 0, 0);
    assert_int_equal(j.letters[MEASURE_structure], 'n');            /* the intersection of its files */
    assert_int_equal(j.star, 3);
    two[1] = (measure_file){ .format = S("CSV"), .url = S("https://data.example/b.csv"), .star = 3 };
    assert_int_equal(judge(two, 2, 0, 0).letters[MEASURE_structure], 'y');      /* what is not known is not counted */
    assert_int_equal(judge(NULL, 0, 0, 0).letters[MEASURE_link], 'n');
    f = good();
    f.is = S("XLSX");
    f.encoding = (str){ 0 };
    assert_int_equal(judge(&f, 1, 0, 0).letters[MEASURE_encoding], '-');
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

static void add(ctx *c, dataset_writer *to, change *ch, const char *key, const char *title, const char *class, const char *format)
{
    store_outcome out;
    dataset_draft d = dataset_draft_new();
    d.source = S("test");
    d.source_key = d.slug = str_of(key);
    d.title = str_of(title);
    d.publisher.name = S("臺北市政府");
    d.class_ = str_of(class);
    list_add(c->a, &d.distributions, (distribution_draft){ .title = S("f"), .format = str_of(format), .updated_at = DAY_NONE,
             .url = S("https://data.example.gov.tw/x"), .record_count = -1, .byte_count = -1 });
    assert_ok(c, dataset_store(c, ch, to, &d, &out));
}

static void the_pass_writes_what_changed(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    dataset_writer *to;
    measure_report r;
    measure_count k;
    dataset_quality_row q;
    dataset_row d;
    bool found;
    c->actor = S("operator:test");
    {
        auto_change ch = change_begin(c);
        assert_ok(c, ch.tx.open && dataset_writer_new(c, &to));
        add(c, to, &ch, "visitors-111", "111年觀光人數統計", "open", "CSV");
        add(c, to, &ch, "visitors-112", "112年觀光人數統計", "open", "CSV");
        add(c, to, &ch, "visitors-113", "113年觀光人數統計", "open", "PDF");
        add(c, to, &ch, "visitors-114", "114年觀光人數統計", "closed", "CSV");
        assert_ok(c, change_commit(c, &ch));
        dataset_writer_free(to);
    }
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
    assert_int_equal(q.star, 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(badges_need_evidence),
        cmocka_unit_test(bytes_speak_before_declarations),
        cmocka_unit_test(titles_of_series_are_told),
        cmocka_unit_test_setup_teardown(the_pass_writes_what_changed, test_site_setup, test_site_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
