/* From bytes to tables through the record, the jobs and the box (the built program is its child); on both engines. */
#include "support/loaded.h"

#include "app/table/table_schema.h"
#include "kit/text/json_read.h"

static test_loaded begin(void **state)
{
    dataset_draft d = test_draft("stations", "空氣品質測站", "環境部");
    (void)test_draft_file(&((test_site *)*state)->c, &d, "測站", "CSV", S("https://example.tw/a.csv"));
    return test_loaded_new(state, &d);
}

static void bytes_become_rows_and_versions(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    table_row t;
    bool found;
    uint64_t n;
    table_put p = test_loaded_put(&w, "測站代碼,縣市,PM2.5\n001,臺北市,12\n002,高雄市,35\n");
    assert_true(p.fresh);
    job_row r = test_loaded_work(&w, p.job);
    assert_str(r.state, S("done"));
    assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
    assert_true(found);
    assert_int_equal(t.rows, 2);
    assert_false(test_loaded_put(&w, "測站代碼,縣市,PM2.5\n001,臺北市,12\n002,高雄市,35\n").fresh);

    p = test_loaded_put(&w, "測站代碼,縣市,PM2.5,備註\n001,臺北市,12,\n002,高雄市,35,\n003,臺南市,8,\n"); /* a column more: the names of the others stay */
    assert_str(test_loaded_work(&w, p.job).state, S("done"));
    assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
    assert_int_equal(t.version, 2);
    {
        auto_table now = { .site = w.t->site }, before = { .site = w.t->site };
        assert_ok(c, table_hold(c, &t, 0, &now.open));
        assert_ok(c, table_hold(c, &t, 1, &before.open));
        assert_int_equal(query_table_rows(now.open->query), 3);
        assert_int_equal(query_table_rows(before.open->query), 2);
        for (size_t i = 0; i < 3; i++)
            assert_str(query_table_about(now.open->query, i)->name, query_table_about(before.open->query, i)->name);
        str kaohsiung = S("高雄市");
        query_filter f = { .op = QUERY_EQUAL, .col = 1, .values = &kaohsiung, .value_count = 1 };
        assert_ok(c, query_count(c, now.open->query, &f, &n));
        assert_int_equal(n, 1);
    }
}

static void what_fails_changes_nothing(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    table_row t;
    bool found;
    table_put p = test_loaded_put(&w, "a,b\n1,2\n");
    assert_str(test_loaded_work(&w, p.job).state, S("done"));
    p = test_loaded_put(&w, "%PDF-1.7 no table");
    job_row r = test_loaded_work(&w, p.job);
    assert_str(r.state, S("failed"));
    assert_str(r.error_code, S("INVALID"));
    assert_true(r.error.n > 0);
    assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
    assert_int_equal(t.version, 1);
    assert_str(t.state, S("live"));
}

static int64_t found_of(ctx *c, const table_row *t, const char *code)
{
    table_version_row v;
    json all;
    bool found;
    int64_t n = 0;
    assert_ok(c, q_table_version_get(c, t->id, t->version, &v, &found));
    assert_true(found);
    assert_ok(c, json_parse(c, v.findings, &all));
    for (size_t i = 0; i < all.arr.n; i++)
        if (str_eq(json_get_text(c, &all.arr.v[i], "code"), str_of(code)))
            n += json_get(&all.arr.v[i], "count")->i;
    return n;
}

/* What a publisher gave wins over what the values look like, and what does not fit is told; each setting is a row of the ledger. */
static void a_given_schema_wins(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    table_row t;
    bool found;
    table_schema_done d;
    assert_str(test_loaded_work(&w, test_loaded_put(&w, "代號,日期,值\n1,01/02/2023,\"1,5\"\n2,03/02/2023,x\n2,3 月,9\n").job).state, S("done"));
    assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
    table_schema_wish wish = { .given = S("{\"fields\":[{\"name\":\"code\",\"title\":\"代號\",\"type\":\"string\"},"
        "{\"name\":\"day\",\"title\":\"日期\",\"type\":\"date\",\"format\":\"%d/%m/%Y\"},{\"name\":\"value\",\"title\":\"值\",\"type\":\"number\","
        "\"decimalChar\":\",\",\"constraints\":{\"maximum\":5}},{\"name\":\"more\",\"type\":\"string\"}],\"primaryKey\":\"code\",\"missingValues\":[\"\",\"x\"]}"),
        .why = S("by the agency") };
    assert_ok(c, table_schema_set(c, &t, &wish, &d));
    assert_true(d.changed && d.job > 0);
    assert_str(test_loaded_work(&w, d.job).state, S("done"));
    assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
    assert_int_equal(t.version, 2);
    {
        auto_table now = { .site = w.t->site };
        assert_ok(c, table_hold(c, &t, 0, &now.open));
        assert_str(query_table_about(now.open->query, 0)->name, S("code"));
        assert_int_equal(query_table_about(now.open->query, 0)->type, COLUMN_text);
        assert_int_equal(query_table_about(now.open->query, 1)->type, COLUMN_date);
        assert_str(query_table_about(now.open->query, 1)->stats.max_text, S("03/02/2023"));
        const column_stats *s = &query_table_about(now.open->query, 2)->stats;
        assert_true(s->sum > 10.4 && s->sum < 10.6);
        assert_int_equal(s->nulls[COLUMN_NULL_MARK], 1);
    }
    assert_int_equal(found_of(c, &t, "bad_value"), 1);
    assert_int_equal(found_of(c, &t, "out_of_range"), 1);
    assert_int_equal(found_of(c, &t, "key_repeated"), 1);
    assert_int_equal(found_of(c, &t, "column_lacking"), 1);
    assert_ok(c, table_schema_set(c, &t, &wish, &d));       /* again: no news */
    assert_false(d.changed);
    assert_ok(c, table_schema_set(c, &t, &(table_schema_wish){ 0 }, &d));
    assert_str(test_loaded_work(&w, d.job).state, S("done"));
    assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
    assert_int_equal(t.version, 3);
    assert_int_equal(found_of(c, &t, "out_of_range"), 0);
    assert_false(table_schema_set(c, &t, &(table_schema_wish){ .domain = S("none") }, &d));
    assert_int_equal(c->err.code, ERR_NOT_FOUND);
    err_clear(c);
    assert_false(table_schema_set(c, &t, &(table_schema_wish){ .domain = S("air-quality") }, &d));
    assert_int_equal(c->err.code, ERR_INVALID);
    err_clear(c);
}

/* Constraints alone change no byte of the column file; what they find is a version all the same. */
static void other_findings_are_a_version(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    table_row t;
    bool found;
    table_schema_done d;
    assert_str(test_loaded_work(&w, test_loaded_put(&w, "a,b\n1,x\n2,y\n").job).state, S("done"));
    assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
    const char *schemas[] = { "{\"fields\":[{\"name\":\"a\",\"type\":\"integer\"},{\"name\":\"b\",\"type\":\"string\"}]}",
                              "{\"fields\":[{\"name\":\"a\",\"type\":\"integer\"},{\"name\":\"b\",\"type\":\"string\",\"constraints\":{\"enum\":[\"x\"]}}]}" };
    for (size_t i = 0; i < array_len(schemas); i++) {
        assert_ok(c, table_schema_set(c, &t, &(table_schema_wish){ .given = str_of(schemas[i]) }, &d));
        assert_str(test_loaded_work(&w, d.job).state, S("done"));
        assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
        assert_int_equal(found_of(c, &t, "not_allowed"), i);
    }
    assert_in_range(t.version, 2, 3);
}

static void a_schema_is_tried_without_a_trace(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    table_row t;
    bool found;
    schema s;
    table_tried tried;
    assert_str(test_loaded_work(&w, test_loaded_put(&w, "a,b\n1,x\n2,y\n").job).state, S("done"));
    assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
    assert_ok(c, schema_read(c, S("{\"fields\":[{\"name\":\"a\",\"type\":\"date\"},{\"name\":\"b\"}]}"), &s));
    assert_ok(c, table_schema_try(c, &t, &s, &tried));
    assert_int_equal(tried.rows, 2);
    assert_int_equal(column_file_about(tried.file, 0)->stats.nulls[COLUMN_NULL_BAD], 2);
    str path = str_dup(c->a, tried.loaded.tables.v[0].path);
    table_tried_end(c, &tried);
    assert_false(file_exists(c, path));
    assert_ok(c, q_table_by_key(c, w.f.uid, &t, &found));
    assert_int_equal(t.version, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(bytes_become_rows_and_versions), T(what_fails_changes_nothing), T(a_given_schema_wins), T(other_findings_are_a_version),
        T(a_schema_is_tried_without_a_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
