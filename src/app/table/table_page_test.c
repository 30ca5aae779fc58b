/* The pages of tables, from a file that was put to HTML and JSON: order, filters, pages of rows, versions, findings, hostile
 * texts, and who sees what against policy_sees; on both engines (C8, C10, C12). */
#include "support/loaded.h"
#include "support/pages.h"

#include "app/policy/policy.h"

static dataset_draft draft(ctx *c, const char *dataset_state, const char *class)
{
    dataset_draft d = test_draft("stations", "空氣品質測站", "環境部");
    d.state = str_of(dataset_state);
    d.class_ = str_of(class);
    (void)test_draft_file(c, &d, "測站", "CSV", S("https://example.tw/a.csv"));
    return d;
}

static void store(ctx *c, const char *dataset_state, const char *class)
{
    dataset_draft d = draft(c, dataset_state, class);
    (void)test_store(c, &d);
}

static test_loaded begin(void **state)
{
    dataset_draft d = draft(&((test_site *)*state)->c, "published", "open");
    return test_loaded_new(state, &d);
}

static http_res get(test_loaded *w, const char *tail)
{
    return pages_get(w->t, test_loaded_page(w, tail));
}

static json get_json(test_loaded *w, const char *tail)
{
    return pages_json(w->t, test_loaded_page(w, tail));
}

static const char *const stations = "測站代碼,縣市,PM2.5,日期,備註\n001,臺北市,12,2024-01-02,\n002,高雄市,35,2024-01-03,=1+1\n"
                                    "003,臺南市,8,2024-02-01,<b>粗</b>\n004,臺北市,,2024-03-05,無\n";

/* Values of a column over the rows of an answer. */
static str column(test_loaded *w, const json *v, const char *name)
{
    ctx *c = &w->t->c;
    str_list l = { 0 };
    const json *rows = json_get(v, "rows");
    for (size_t i = 0; i < rows->arr.n; i++)
        list_add(c->a, &l, json_get_text(c, &rows->arr.v[i], name));
    return str_join(c->a, &l, S(" "));
}

static void rows_come_in_order_and_by_conditions(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    test_loaded_load(&w, stations);
    json v = get_json(&w, ".json");
    assert_int_equal(json_get(&v, "total")->i, 4);
    str id = json_get_text(c, &json_get(&v, "columns")->arr.v[0], "name"), pm = json_get_text(c, &json_get(&v, "columns")->arr.v[2], "name");
    const struct { str tail; const char *want; } asked[] = {
        { str_fmt(c->a, ".json?sort=%.*s%%20desc", S_ARG(pm)), "2 1 3 4" },
        { str_fmt(c->a, ".json?sort=%.*s", S_ARG(pm)), "3 1 2 4" },
        { str_fmt(c->a, ".json?min.%.*s=10", S_ARG(pm)), "1 2" },
        { str_fmt(c->a, ".json?min.%.*s=10&max.%.*s=20", S_ARG(pm), S_ARG(pm)), "1" },
        { str_fmt(c->a, ".json?null.%.*s=yes", S_ARG(pm)), "4" },
        { str_fmt(c->a, ".json?null.%.*s=no", S_ARG(pm)), "1 2 3" },
        { str_fmt(c->a, ".json?f.%.*s=001&f.%.*s=003", S_ARG(id), S_ARG(id)), "1 3" },
        { S(".json?has.%E7%B8%A3%E5%B8%82=%E5%8C%97"), "1 4" },
        { S(".json?q=%E9%AB%98%E9%9B%84"), "2" },
        { S(".json?rows=3&page=2"), "4" },
        { S(".json?max.%E6%97%A5%E6%9C%9F=2024-01-31"), "1 2" },
    };
    for (size_t i = 0; i < array_len(asked); i++) {
        json a = get_json(&w, str_z(c->a, asked[i].tail));
        assert_str(column(&w, &a, "_id"), str_of(asked[i].want));
    }
}

static void the_page_shows_them(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    test_loaded_load(&w, stations);
    http_res p = get(&w, "");
    assert_int_equal(p.status, 200);
    const char *const said[] = { "<h1>測站</h1>", "4 列，5 欄", "第 1–4 列，共 4 列", "臺北市", "=1+1", "&lt;b&gt;粗&lt;/b&gt;", "（無值）", "rel=\"canonical\"",
        "/rows/2\"", "in.csv", "role=\"region\"", "hreflang=\"en\"", "aria-current=\"page\"" };
    for (size_t i = 0; i < array_len(said); i++)
        if (!pages_has(&p, said[i]))
            fail_msg("not on the page: %s", said[i]);
    assert_false(pages_has(&p, "<b>"));
    assert_false(pages_has(&p, "aria-sort"));
    http_res sorted = get(&w, "?sort=%E6%97%A5%E6%9C%9F%20desc");
    assert_true(pages_has(&sorted, "aria-sort=\"descending\"") && pages_has(&sorted, "noindex"));
    assert_true(pages_has(&p, "下載全部資料列") && pages_has(&p, "/download.xlsx\"") && !pages_has(&p, "/download.geojson"));
    http_res some = get(&w, "?q=%E8%87%BA&sort=%E6%97%A5%E6%9C%9F");
    assert_true(pages_has(&some, "下載符合條件的資料列") && pages_has(&some, "/download.csv?q=%E8%87%BA&amp;sort=%E6%97%A5%E6%9C%9F"));
    http_res file = get(&w, "/download.csv?q=%E8%87%BA");
    assert_int_equal(file.status, 200);
    http_res none = get(&w, "?q=zzzz");
    assert_int_equal(none.status, 200);
    assert_true(pages_has(&none, "沒有符合條件的資料列"));
    http_res row = get(&w, "/rows/3");
    assert_true(pages_has(&row, "&lt;b&gt;粗&lt;/b&gt;") && pages_has(&row, "/rows/2\"") && pages_has(&row, "/rows/4\""));
    http_res columns = get(&w, "/columns");
    assert_true(pages_has(&columns, "資料字典") && pages_has(&columns, "代碼") && pages_has(&columns, "75"));
    http_res en = pages_get(w.t, str_z(c->a, str_fmt(c->a, "/en/tables/%.*s", S_ARG(w.f.uid))));
    assert_true(pages_has(&en, "4 rows, 5 columns"));
}

static void forms_lead_to_tidy_addresses(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    test_loaded_load(&w, stations);
    http_res p = get(&w, "?q=&has.%E5%82%99%E8%A8%BB=&max.%E6%97%A5%E6%9C%9F=2024-02-01");
    assert_int_equal(p.status, 302);
    str to = pages_header(&p, "Location");
    assert_true(str_has(to, S("max.")) && str_has(to, S("=2024-02-01")) && !str_has(to, S("q=")) && !str_has(to, S("has.")));
    assert_int_equal(pages_get(w.t, str_z(c->a, to)).status, 200);
    p = get(&w, "?add.column=%E7%B8%A3%E5%B8%82&add.is=f&add.value=%E9%AB%98%E9%9B%84%E5%B8%82");
    assert_int_equal(p.status, 302);
    p = pages_get(w.t, str_z(c->a, pages_header(&p, "Location")));
    assert_true(pages_has(&p, "高雄市") && pages_has(&p, "共 1 列（全部 4 列）"));
}

static void what_is_wrong_is_named(void **state)
{
    test_loaded w = begin(state);
    test_loaded_load(&w, stations);
    static const struct { const char *tail; int status; } asked[] = {
        { "?f.nothing=1", 422 }, { "?sort=nothing", 422 }, { "?page=0", 422 }, { "?page=2", 404 }, { "?version=9", 404 }, { "/rows/0", 404 },
        { "/rows/5", 404 }, { "/rows/x", 404 }, { "?rows=501", 422 }, { "?null.%E5%82%99%E8%A8%BB=perhaps", 422 },
        { "?min.PM2.5=many", 422 }, { "?add.column=PM2.5&add.is=like&add.value=3", 422 },
    };
    for (size_t i = 0; i < array_len(asked); i++)
        if (get(&w, asked[i].tail).status != asked[i].status)
            fail_msg("%s: %d", asked[i].tail, get(&w, asked[i].tail).status);
    assert_int_equal(pages_get(w.t, "/tables/none").status, 404);
    /* In the reader's language, with the column and how to write it; and a way back. */
    http_res p = get(&w, "?min.PM2.5=many");
    assert_true(pages_has(&p, "「many」無法與「PM2.5」的值比較") && pages_has(&p, "回到原頁面"));
    p = get(&w, "/rows/5");
    assert_false(pages_has(&p, "回到原頁面"));
}

static void older_versions_stay(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    test_loaded_load(&w, stations);
    test_loaded_load(&w, "測站代碼,縣市,PM2.5,日期,備註\n001,臺北市,12,2024-01-02,\n");
    json now = get_json(&w, ".json"), before = get_json(&w, ".json?version=1");
    assert_int_equal(json_get(&now, "total")->i, 1);
    assert_int_equal(json_get(&before, "total")->i, 4);
    http_res p = get(&w, "?version=1");
    assert_true(pages_has(&p, "這是較舊的版本") && pages_has(&p, "/rows/4?version=1") && pages_has(&p, "/columns?version=1"));
    /* The published bytes are linked from the version that was made of them, and from no other. */
    str file = str_fmt(c->a, "href=\"/files/%.*s/", S_ARG(w.f.uid));
    http_res newest = get(&w, "");
    assert_true(pages_has(&newest, str_z(c->a, file)) && !pages_has(&p, str_z(c->a, file)));
    assert_true(pages_has(&newest, "全部位元組皆為有效的 UTF-8") && pages_has(&newest, "/openapi.json\""));
    test_loaded_load(&w, "測站代碼,縣市\n");
    newest = get(&w, "");
    assert_true(pages_has(&newest, "此資料表沒有資料列"));
    json q = get_json(&w, "/quality.json");
    assert_int_equal(json_get(&q, "history")->arr.n, 3);
    assert_str(json_get_text(c, &json_get(&q, "history")->arr.v[0], "version"), S("3"));
}

static void findings_say_where_and_how_to_mend(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    test_loaded_load(&w, "a,b,c\n1,2,3\n4,5\n6,7,8\n");
    http_res p = get(&w, "/quality");
    assert_int_equal(p.status, 200);
    assert_true(pages_has(&p, "ragged_short") && pages_has(&p, "把每一列補滿到標題列的欄數") && pages_has(&p, "/rows/2\""));
    /* A few places stand open. */
    assert_true(pages_has(&p, "<details class=\"numbers\" open>"));
    json v = get_json(&w, "/quality.json");
    const json *rules = json_get(&v, "rules");
    assert_str(json_get_text(c, &rules->arr.v[0], "code"), S("ragged_short"));
    assert_str(json_get_text(c, &rules->arr.v[0], "severity"), S("error"));
    assert_int_equal(json_get(&json_get(&rules->arr.v[0], "findings")->arr.v[0], "row")->i, 2);
    assert_in_range(json_get(&v, "score")->i, 1, 99);
}

static void every_state_and_class_as_the_policy_says(void **state)
{
    test_loaded w = begin(state);
    static const char *const tails[] = { "", ".json", "/rows/1", "/rows/1.json", "/columns", "/columns.json", "/quality", "/quality.json" };
    int seen[3] = { 0 };
    test_loaded_load(&w, stations);
    for (int s = 0; s < STATE_COUNT; s++)
        for (int k = 0; k < CLASS_COUNT; k++) {
            store(&w.t->c, policy_state_name((policy_state)s), policy_class_name((policy_class)k));
            policy_sight sight = policy_sees(ROLE_VISITOR, (policy_state)s, (policy_class)k);
            seen[sight]++;
            for (size_t i = 0; i < array_len(tails); i++) {
                http_res p = get(&w, tails[i]);
                assert_int_equal(p.status, sight == SEE_ALL ? 200 : sight == SEE_TOMBSTONE ? 410 : 404);
                if (sight != SEE_ALL && (pages_has(&p, "臺北市") || pages_has(&p, "PM2.5") || pages_has(&p, "空氣品質")))
                    fail_msg("%s tells of what is hidden", tails[i]);
            }
        }
    assert_true(seen[SEE_NOTHING] > 0 && seen[SEE_TOMBSTONE] > 0 && seen[SEE_ALL] > 0);
}

static void the_dataset_leads_to_its_tables(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    str link = str_cat(c->a, S("/tables/"), w.f.uid);
    http_res before = pages_get(w.t, "/datasets/stations");
    assert_false(pages_has(&before, str_z(c->a, link)));
    test_loaded_load(&w, stations);
    static const char *const from[] = { "/datasets/stations", "/datasets/stations/1" };
    for (size_t i = 0; i < array_len(from); i++) {
        http_res p = pages_get(w.t, from[i]);
        assert_true(pages_has(&p, str_z(c->a, link)) && pages_has(&p, "4 列 × 5 欄"));
    }
    http_res file = pages_get(w.t, "/datasets/stations/1"), j = pages_get(w.t, "/datasets/stations/1.json");
    assert_true(pages_has(&file, "前幾列") && pages_has(&file, "臺南市") && pages_has(&file, "&lt;b&gt;粗"));
    assert_true(pages_has(&j, "\"tables\":[{") && pages_has(&j, "\"columns\":5"));
}

static void each_table_of_a_file_has_its_name(void **state)
{
    test_loaded w = begin(state);
    test_loaded_load(&w, "{\"甲表\":[{\"a\":1},{\"a\":2}],\"乙表\":[{\"b\":1},{\"b\":2}]}");
    http_res p = pages_get(w.t, "/datasets/stations/1");
    assert_true(pages_has(&p, ">甲表</a>") && pages_has(&p, ">乙表</a>"));
    /* One leads to the other, and both are called so. */
    p = get(&w, "");
    assert_true(pages_has(&p, "– 甲表</h1>") && pages_has(&p, "aria-current=\"page\">甲表</a>") && pages_has(&p, ">乙表</a>"));
    test_loaded_load(&w, "a,b\n1,2\n");
    p = get(&w, "");
    assert_false(pages_has(&p, "此檔案的資料表"));
}

static void a_job_says_how_far_it_is(void **state)
{
    test_loaded w = begin(state);
    ctx *c = &w.t->c;
    table_put p = test_loaded_put(&w, stations);
    const char *path = str_z(c->a, str_fmt(c->a, "/jobs/%" PRId64, p.job)), *path_json = str_z(c->a, str_fmt(c->a, "/jobs/%" PRId64 ".json", p.job));
    http_res waiting = pages_get(w.t, path);
    assert_int_equal(waiting.status, 200);
    assert_true(pages_has(&waiting, "等候中") && pages_header(&waiting, "Refresh").n > 0);
    http_res still = pages_get(w.t, str_z(c->a, str_cat(c->a, str_of(path), S("?refresh=no"))));
    assert_int_equal(pages_header(&still, "Refresh").n, 0);
    assert_str(test_loaded_work(&w, p.job).state, S("done"));
    http_res done = pages_get(w.t, path), j = pages_get(w.t, path_json);
    assert_true(pages_has(&done, "已完成") && pages_header(&done, "Refresh").n == 0);
    assert_true(pages_has(&j, "\"state\":\"done\"") && pages_has(&j, "\"rows\":4"));
    assert_int_equal(pages_get(w.t, "/jobs/999").status, 404);
    assert_int_equal(pages_get(w.t, "/jobs/x").status, 404);
    for (int s = 0; s < STATE_COUNT; s++)
        for (int k = 0; k < CLASS_COUNT; k++) {
            store(c, policy_state_name((policy_state)s), policy_class_name((policy_class)k));
            bool all = policy_sees(ROLE_VISITOR, (policy_state)s, (policy_class)k) == SEE_ALL;
            assert_int_equal(pages_get(w.t, path).status, all ? 200 : 404);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        TEST(rows_come_in_order_and_by_conditions), TEST(the_page_shows_them), TEST(forms_lead_to_tidy_addresses), TEST(what_is_wrong_is_named),
        TEST(older_versions_stay), TEST(findings_say_where_and_how_to_mend), TEST(every_state_and_class_as_the_policy_says),
        TEST(the_dataset_leads_to_its_tables), TEST(each_table_of_a_file_has_its_name), TEST(a_job_says_how_far_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
