/* Tests of the pages of a dataset: who sees what (against policy_sees, every state and class), old names, JSON, HEAD,
 * languages, hostile texts; on both engines (A1, A2, C8, C11). */
#include "support/datasets.h"
#include "support/pages.h"

#include "app/policy/policy.h"
#include "kit/text/json_read.h"
#include "queries.h"

static dataset_draft draft(const char *key, const char *title)
{
    dataset_draft d = test_draft(key, title, "環境部");
    d.description = S("這是說明。");
    d.licence = S("政府資料開放授權條款-第1版");
    return d;
}

static void add_file(ctx *c, dataset_draft *d, const char *format, const char *address)
{
    distribution_draft *f = test_draft_file(c, d, "測站資料", format, str_of(address));
    f->record_count = 1234;
    f->byte_count = 2500000;
    f->fields = S("[{\"name\":\"site\",\"description\":\"測站\"}]");
}

static void store(ctx *c, const dataset_draft *d)
{
    (void)test_store(c, d);
}

static json parsed(ctx *c, const http_res *w)
{
    json v;
    assert_ok(c, json_parse(c, w->body, &v));
    return v;
}

static void the_page_says_what_is_known(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    dataset_draft d = draft("air", "空氣品質"), beside = draft("water", "水質");
    str words[] = { S("空氣 污染") };
    d.keywords = (str_list){ words, 1, 1 };
    d.extra = S("{\"ownField\":\"自訂值\",\"nested\":{\"a\":[1]}}");
    d.category = S("A00");
    add_file(c, &d, "CSV", "https://example.gov.tw/a.csv");
    store(c, &d);
    store(c, &beside);
    http_res w = pages_get(t, "/datasets/air");
    assert_int_equal(w.status, 200);
    const char *const said[] = { "<h1 lang=\"zh-Hant\">空氣品質</h1>", "這是說明。", "環境部", "CSV", "2.5 MB", "1,234 筆", "categoryService", "自訂值",
        "<dd>{\"a\":[1]}</dd>", "水質", "政府資料開放授權條款", "application/ld+json", "rel=\"canonical\"", "hreflang=\"en\"",
        "/datasets?tag=%E7%A9%BA%E6%B0%A3%20%E6%B1%A1%E6%9F%93", "package_show?id=air", "★★★", "資料集上架" };
    for (size_t i = 0; i < array_len(said); i++)
        if (!pages_has(&w, said[i]))
            fail_msg("not on the page: %s", said[i]);
    http_res en = pages_get(t, "/en/datasets/air");
    assert_true(pages_has(&en, "lang=\"en\"") && pages_has(&en, "Open licence: yes") && pages_has(&en, "/en/datasets/air/1"));
    http_res file = pages_get(t, "/datasets/air/1");
    assert_int_equal(file.status, 200);
    assert_true(pages_has(&file, "測站資料") && pages_has(&file, "https://example.gov.tw/a.csv") && pages_has(&file, "resourceAmount"));
}

static void every_state_and_class_as_the_policy_says(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    static const char *const tails[] = { "", ".json", "/1", "/1.json" };
    int seen[3] = { 0 };
    for (int s = 0; s < STATE_COUNT; s++)
        for (int k = 0; k < CLASS_COUNT; k++) {
            str key = str_fmt(c->a, "d-%d-%d", s, k);
            dataset_draft d = draft(str_z(c->a, key), "機密題名");
            d.state = str_of(policy_state_name((policy_state)s));
            d.class_ = str_of(policy_class_name((policy_class)k));
            add_file(c, &d, "CSV", "https://example.gov.tw/a.csv");
            store(c, &d);
            policy_sight sight = policy_sees(ROLE_VISITOR, (policy_state)s, (policy_class)k);
            seen[sight]++;
            dataset_row row;
            bool found;
            assert_ok(c, q_dataset_by_key(c, key, &row, &found));
            for (size_t i = 0; i < array_len(tails); i++) {
                http_res w = pages_get(t, str_z(c->a, str_fmt(c->a, "/datasets/%.*s%s", S_ARG(key), tails[i])));
                assert_int_equal(w.status, sight == SEE_ALL ? 200 : sight == SEE_TOMBSTONE ? 410 : 404);
                assert_int_equal(pages_has(&w, "機密題名"), sight != SEE_NOTHING);
                assert_int_equal(pages_has(&w, "example.gov.tw"), sight == SEE_ALL);
            }
            http_res by_uid = pages_get(t, str_z(c->a, str_cat(c->a, S("/datasets/"), row.uid)));
            assert_int_equal(by_uid.status, sight == SEE_NOTHING ? 404 : 301);
            if (sight == SEE_NOTHING)
                assert_false(str_has(by_uid.body, key));
        }
    assert_true(seen[SEE_NOTHING] > 0 && seen[SEE_TOMBSTONE] > 0 && seen[SEE_ALL] > 0);
    http_res list = pages_get(t, "/datasets"), home = pages_get(t, "/");
    assert_true(pages_has(&list, "/datasets/d-1-0\"") && pages_has(&home, "/datasets/d-1-0\""));
    assert_false(pages_has(&list, "/datasets/d-0-0\"") || pages_has(&list, "/datasets/d-2-0\"") || pages_has(&list, "/datasets/d-1-2\""));
    assert_false(pages_has(&home, "/datasets/d-0-0\"") || pages_has(&home, "/datasets/d-2-0\"") || pages_has(&home, "/datasets/d-1-2\""));
}

static void a_tombstone_says_what_was_here(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    dataset_draft d = draft("old", "舊資料");
    store(c, &d);
    d.state = S("withdrawn");
    store(c, &d);
    http_res w = pages_get(t, "/datasets/old");
    assert_int_equal(w.status, 410);
    assert_true(pages_has(&w, "舊資料") && pages_has(&w, "已撤下") && pages_has(&w, "noindex"));
    http_res j = pages_get(t, "/datasets/old.json");
    assert_int_equal(j.status, 410);
    json v = parsed(c, &j);
    assert_str(json_get_text(c, &v, "state"), S("withdrawn"));
    assert_str(json_get_text(c, json_get(&v, "error"), "code"), S("GONE"));
}

static void old_names_lead_to_the_new_one(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    dataset_draft d = draft("k", "題");
    d.slug = S("first");
    store(c, &d);
    d.slug = S("second");
    store(c, &d);
    dataset_row row;
    bool found;
    assert_ok(c, q_dataset_by_key(c, S("second"), &row, &found));
    const struct { str ask; const char *to; } want[] = {
        { S("/datasets/first"), "/datasets/second" },
        { S("/en/datasets/first"), "/en/datasets/second" },
        { S("/datasets/first.json"), "/datasets/second.json" },
        { S("/datasets/first/2"), "/datasets/second/2" },
        { S("/en/datasets/first/2.json"), "/en/datasets/second/2.json" },
        { str_cat(c->a, S("/datasets/"), row.uid), "/datasets/second" },
    };
    for (size_t i = 0; i < array_len(want); i++) {
        http_res w = pages_get(t, str_z(c->a, want[i].ask));
        assert_int_equal(w.status, 301);
        assert_str(pages_header(&w, "Location"), str_of(want[i].to));
    }
}

static void json_by_suffix_and_by_accept(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    dataset_draft d = draft("air", "空氣品質");
    d.updated_at = 1700000000000;
    add_file(c, &d, "CSV", "https://example.gov.tw/a.csv");
    add_file(c, &d, "PDF", "");
    store(c, &d);
    http_res w = pages_get(t, "/datasets/air.json"), by_accept = pages_ask(t, "GET", "/datasets/air", "application/json");
    assert_str(w.body, by_accept.body);
    json v = parsed(c, &w);
    assert_str(json_get_text(c, &v, "title"), S("空氣品質"));
    assert_str(json_get_text(c, &v, "updated"), S("2023-11-15T06:13:20+08:00"));
    assert_int_equal(json_get(&v, "issued")->type, JSON_NULL);
    const json *files = json_get(&v, "distributions"), *open = json_get(&v, "openness");
    assert_int_equal(files->arr.n, 2);
    assert_int_equal(json_get(&files->arr.v[0], "byte_count")->i, 2500000);
    assert_int_equal(json_get(&files->arr.v[0], "star")->i, 3);
    assert_str(json_get_text(c, open, "verdict"), S("open"));
    assert_true(json_get_text(c, json_get(open, "access"), "why").n > 0);
    assert_str(json_get_text(c, &json_get(&v, "history")->arr.v[0], "action"), S("dataset.create"));
    assert_true(json_get(json_get(&v, "completeness"), "missing")->arr.n > 0);
    http_res file = pages_get(t, "/datasets/air/2.json");
    json f = parsed(c, &file);
    assert_int_equal(json_get(json_get(&f, "distribution"), "number")->i, 2);
    assert_int_equal(json_get(json_get(&f, "distribution"), "url")->type, JSON_NULL);
}

static void what_is_not_there_is_404(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    dataset_draft d = draft("air", "空氣品質");
    add_file(c, &d, "CSV", "https://example.gov.tw/a.csv");
    store(c, &d);
    static const char *const asked[] = { "/datasets/none", "/datasets/none.json", "/datasets/air/0", "/datasets/air/2",
        "/datasets/air/01", "/datasets/air/-1", "/datasets/air/x", "/datasets/air/99999999999999999999" };
    for (size_t i = 0; i < array_len(asked); i++)
        assert_int_equal(pages_get(t, asked[i]).status, 404);
    http_res head = pages_ask(t, "HEAD", "/datasets/air", "text/html");
    assert_int_equal(head.status, 200);
    assert_int_equal(head.body.n, 0);
    assert_int_equal(pages_ask(t, "POST", "/datasets/air", "text/html").status, 405);
}

static void strangers_texts_stay_text(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    dataset_draft d = draft("evil", "</title><script>alert(1)</script>");
    d.description = S("\"><img src=x onerror=alert(1)> </script><!-- javascript:alert(1)");
    d.landing_page = S("javascript:alert(2)");
    d.contact_email = S("a@b?subject=<x>");
    d.extra = S("{\"<b>\":\"<i>\"}");
    str words[] = { S("</script><script>alert(3)</script>") };
    d.keywords = (str_list){ words, 1, 1 };
    add_file(c, &d, "CSV", "javascript:alert(4)");
    store(c, &d);
    static const char *const pages[] = { "/datasets/evil", "/datasets/evil/1", "/datasets", "/", "/datasets?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E" };
    for (size_t i = 0; i < array_len(pages); i++) {
        http_res w = pages_get(t, pages[i]);
        assert_int_equal(w.status, 200);
        assert_false(pages_has(&w, "<script>") || pages_has(&w, "<img") || pages_has(&w, "href=\"javascript") || pages_has(&w, "<i>")
                     || pages_has(&w, "<b>"));
    }
}

static void values_from_before_it_was_public_stay_hidden(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    dataset_draft d = draft("air", "草稿題名");
    d.state = S("draft");
    store(c, &d);
    d.state = S("published");
    d.title = S("公開題名");
    d.contact_name = S("王承辦");
    store(c, &d);
    d.description = S("新的說明");
    d.contact_name = S("李承辦");
    store(c, &d);
    http_res w = pages_get(t, "/datasets/air");
    assert_int_equal(w.status, 200);
    assert_false(pages_has(&w, "草稿題名"));
    assert_true(pages_has(&w, "這是說明。"));          /* was public before it was changed */
    assert_false(pages_has(&w, "王承辦"));             /* contacts are never kept in sight */
    assert_true(pages_has(&w, "李承辦"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_page_says_what_is_known),
        TEST(every_state_and_class_as_the_policy_says),
        TEST(a_tombstone_says_what_was_here),
        TEST(old_names_lead_to_the_new_one),
        TEST(json_by_suffix_and_by_accept),
        TEST(what_is_not_there_is_404),
        TEST(strangers_texts_stay_text),
        TEST(values_from_before_it_was_public_stay_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
