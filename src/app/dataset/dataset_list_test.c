/* Tests of the list: filters that widen and narrow, their counts, chips, order, pages, advice, JSON, feed; and of the
 * start's numbers. On both engines (A1, A5). */
#include "support/datasets.h"
#include "support/pages.h"

#include "kit/text/json_read.h"

static void store(ctx *c, int n, const char *title, const char *format, const char *org, int views)
{
    dataset_draft d = test_draft(str_z(c->a, str_fmt(c->a, "d%d", n)), title, org);
    d.licence = S("政府資料開放授權條款-第1版");
    d.view_count = views;
    d.updated_at = 1600000000000 + n * DAY_MS;
    d.description = S("臺北市每日觀測的紀錄");
    for (int i = 0; i < 2; i++)
        (void)test_draft_file(c, &d, "", format, str_fmt(c->a, "https://example.gov.tw/%d/%d", n, i));
    (void)test_store(c, &d);
}

/* d1 … d45: thirty CSV of 環境部, ten JSON of 交通部, five PDF of 交通部. */
static void fill(ctx *c)
{
    for (int n = 1; n <= 45; n++)
        store(c, n, n <= 30 ? "空氣品質監測" : n <= 40 ? "公車動態" : "公車年報", n <= 30 ? "CSV" : n <= 40 ? "JSON" : "PDF",
              n <= 30 ? "環境部" : "交通部", n == 7 ? 500 : 0);
}

static json list(test_site *t, const char *query)
{
    return pages_json(t, str_z(t->c.a, str_cat(t->c.a, S("/datasets.json"), str_of(query))));
}

static int64_t total(test_site *t, const char *query)
{
    json v = list(t, query);
    return json_get(&v, "total")->i;
}

static int64_t facet_count(ctx *c, const json *v, const char *facet, const char *value)
{
    const json *f = json_get(json_get(v, "facets"), facet);
    for (size_t i = 0; f != NULL && i < f->arr.n; i++)
        if (str_eq(json_get_text(c, &f->arr.v[i], "value"), str_of(value)))
            return json_get(&f->arr.v[i], "count")->i;
    return -1;
}

static str name_at(ctx *c, const json *v, size_t i)
{
    return json_get_text(c, &json_get(v, "results")->arr.v[i], "name");
}

static void filters_widen_within_a_field_and_narrow_between(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    fill(c);
    assert_int_equal(total(t, ""), 45);
    assert_int_equal(total(t, "?format=JSON"), 10);
    assert_int_equal(total(t, "?format=JSON&format=PDF"), 15);
    assert_int_equal(total(t, "?format=JSON&res_format=CSV&q=%E5%85%AC%E8%BB%8A"), 10);
    assert_int_equal(total(t, "?format=JSON&star=1"), 0);
    assert_int_equal(total(t, "?q=%E5%85%AC%E8%BB%8A"), 15);
    json v = list(t, "?format=JSON");
    assert_int_equal(facet_count(c, &v, "format", "JSON"), 10);
    assert_int_equal(facet_count(c, &v, "format", "CSV"), 30);       /* what choosing it too would add */
    assert_int_equal(facet_count(c, &v, "star", "3"), -1);           /* all have three: nothing to choose */
    v = list(t, "?format=SHP");                                      /* nothing has it, and it can still be taken away */
    assert_int_equal(json_get(&v, "total")->i, 0);
    assert_int_equal(facet_count(c, &v, "format", "SHP"), 0);
}

static void pages_follow_each_other(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    fill(c);
    json one = list(t, ""), three = list(t, "?page=3");
    assert_int_equal(json_get(&one, "results")->arr.n, 20);
    assert_int_equal(json_get(&three, "results")->arr.n, 5);
    assert_str(json_get_text(c, &one, "next"), S("/datasets.json?page=2"));
    assert_int_equal(json_get(&three, "next")->type, JSON_NULL);
    assert_str(name_at(c, &one, 0), S("d45"));                       /* newest first */
    assert_str(name_at(c, &three, 4), S("d1"));
    http_res w = pages_get(t, "/datasets?page=2");
    assert_true(pages_has(&w, "rel=\"next\" href=\"/datasets?page=3\"") && pages_has(&w, "rel=\"prev\" href=\"/datasets?page=1\""));
    assert_int_equal(pages_get(t, "/datasets?page=4").status, 404);
    static const char *const bad[] = { "/datasets?page=0", "/datasets?page=x", "/datasets?sort=none", "/datasets?page=99999999999" };
    for (size_t i = 0; i < array_len(bad); i++)
        assert_int_equal(pages_get(t, bad[i]).status, 422);
}

static void orders(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    fill(c);
    json popular = list(t, "?sort=popularity"), title = list(t, "?sort=title"), words = list(t, "?q=%E5%B9%B4%E5%A0%B1&sort=updated");
    assert_str(name_at(c, &popular, 0), S("d7"));
    assert_str(json_get_text(c, &title, "sort"), S("title"));
    assert_int_equal(json_get(&words, "total")->i, 5);
    assert_str(name_at(c, &words, 0), S("d45"));
}

static void the_page_marks_and_links(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    fill(c);
    http_res w = pages_get(t, "/datasets?q=%E5%8F%B0%E5%8C%97%20%E5%85%AC%E8%BB%8A&format=JSON");      /* 台北 公車 */
    assert_int_equal(w.status, 200);
    assert_true(pages_has(&w, "<mark>公車</mark>動態"));
    assert_true(pages_has(&w, "<mark>臺北</mark>市"));                /* typed 台, written 臺 */
    assert_true(pages_has(&w, "href=\"/datasets?q=%E5%8F%B0%E5%8C%97%20%E5%85%AC%E8%BB%8A\""));          /* the chip takes the filter off */
    assert_true(pages_has(&w, "/feeds/custom.atom?q=%E5%8F%B0%E5%8C%97%20%E5%85%AC%E8%BB%8A&amp;format=JSON"));
    assert_true(pages_has(&w, "type=\"hidden\" name=\"format\" value=\"JSON\""));
    assert_true(pages_has(&w, "noindex"));
    http_res feed = pages_get(t, "/feeds/custom.atom?q=%E5%85%AC%E8%BB%8A&format=JSON");
    assert_int_equal(feed.status, 200);
    assert_true(pages_has(&feed, "公車動態"));
}

static void nothing_found_gives_advice(void **state)
{
    test_site *t = *state;
    fill(&t->c);
    http_res w = pages_get(t, "/datasets?q=%E6%B5%B7%E7%9B%9C&format=CSV");
    assert_int_equal(w.status, 200);
    assert_true(pages_has(&w, "查無資料集") && pages_has(&w, "清除全部條件") && pages_has(&w, "/help/search"));
    http_res loose = pages_get(t, "/datasets?q=%E5%85%AC%E8%BB%8A%E7%A9%BA%E6%B0%A3%E5%B9%B4%E5%A0%B1");      /* 公車空氣年報 */
    assert_true(pages_has(&loose, "以下為相近結果"));
    assert_true(pages_has(&loose, "<mark>公車</mark><mark>年報</mark>") || pages_has(&loose, "<mark>公車</mark>"));
}

static void too_much_is_refused(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    buf b = buf_in(c->a);
    buf_add(&b, S("/datasets?x=1"));
    for (int i = 0; i < 33; i++)
        buf_fmt(&b, "&tag=t%d", i);
    assert_int_equal(pages_get(t, str_z(c->a, buf_str(&b))).status, 422);
    b.n = 0;
    buf_add(&b, S("/datasets?q="));
    for (int i = 0; i < 1001; i++)
        buf_byte(&b, 'x');
    assert_int_equal(pages_get(t, str_z(c->a, buf_str(&b))).status, 422);
}

static void the_start_counts(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    json v;
    http_res empty = pages_get(t, "/");
    assert_int_equal(empty.status, 200);
    assert_true(pages_has(&empty, "目錄尚無資料集"));
    fill(c);
    http_res w = pages_get(t, "/index.json"), html = pages_get(t, "/"), other = pages_get(t, "/index");
    assert_ok(c, json_parse(c, w.body, &v));
    assert_int_equal(json_get(&v, "datasets")->i, 45);
    assert_int_equal(json_get(&v, "distributions")->i, 90);
    assert_int_equal(json_get(&v, "organizations")->i, 2);
    assert_int_equal(json_get(&v, "open_datasets")->i, 40);          /* PDF is not an open, structured format */
    assert_int_equal(json_get(&v, "newest")->arr.n, 6);
    assert_int_equal(json_get(&v, "popular")->arr.n, 1);
    assert_str(json_get_text(c, &json_get(&v, "formats")->arr.v[0], "code"), S("CSV"));
    assert_true(pages_has(&html, "88.9%") && pages_has(&html, "SearchAction"));
    assert_int_equal(other.status, 301);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
    const struct CMUnitTest tests[] = {
        TEST(filters_widen_within_a_field_and_narrow_between),
        TEST(pages_follow_each_other),
        TEST(orders),
        TEST(the_page_marks_and_links),
        TEST(nothing_found_gives_advice),
        TEST(too_much_is_refused),
        TEST(the_start_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
