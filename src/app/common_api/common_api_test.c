/* Tests of the common data-access API, on both engines: shapes, pages, refusals, what visitors may not see (C8), and the
 * export that the importer reads back unchanged (G4). */
#include "support/datasets.h"

#include "app/find/find.h"
#include "app/policy/policy.h"
#include "app/reader/reader.h"
#include "app/routes.h"
#include "kit/http/server.h"
#include "kit/text/json_read.h"
#include "queries.h"

static void add(ctx *c, dataset_draft *d, const char *key, const char *title, const char *class_, const char *state)
{
    d->source_key = str_of(key);
    d->title = str_of(title);
    d->class_ = str_of(class_);
    d->state = str_of(state);
    (void)test_store(c, d);
}

static dataset_draft draft(ctx *c, const char *source)
{
    dataset_draft d = dataset_draft_new();
    d.source = str_of(source);
    d.description = S("一段\n\"說明\", 有逗號");
    d.category = S("A00");
    d.licence = S("政府資料開放授權條款-第1版");
    d.cost = S("免費");
    d.frequency = S("每3月");
    d.publisher.name = S("交通部公路局");
    d.publisher.code = S("A15030000H");
    d.publisher_contact = S("王先生");
    d.issued_at = INT64_C(1433000000123);
    d.updated_at = INT64_C(1466819333000);
    list_add(c->a, &d.keywords, S("公車"));
    list_add(c->a, &d.keywords, S("站牌、路線"));
    static const char *const urls[] = { "https://example.gov.tw/a?x=1;y=2", "https://example.gov.tw/b;https://c", "" };
    for (size_t i = 0; i < array_len(urls); i++)
        list_add(c->a, &d.distributions, (distribution_draft){ .title = S("檔"), .format = i == 0 ? S("csv") : S(""), .url = str_of(urls[i]),
            .is_access = i == 1, .updated_at = DAY_NONE, .record_count = i == 0 ? 7 : -1, .byte_count = -1 });
    return d;
}

static void fill(ctx *c)
{
    dataset_draft d = draft(c, "data.gov.tw");
    add(c, &d, "1001", "公車站牌", "open", "published");
    add(c, &d, "1002", "密件", "closed", "published");
    add(c, &d, "1003", "草稿", "open", "draft");
    add(c, &d, "1004", "已撤", "open", "withdrawn");
    add(c, &d, "1005", "限制", "limited", "published");
    d.distributions.v[2].url = S("73177439");      /* a source that had cut an address in two */
    d.distributions.v[1].url = S("https://example.gov.tw/b?n=1");
    add(c, &d, "1006", "斷網址", "open", "published");
    d = draft(c, "demo");
    d.identifier = S("A15030000H-000009");
    d.category = S("I00");
    add(c, &d, "九", "另一", "open", "published");
    assert_ok(c, find_open(c, c->site));
}

static bool allow(void *app, ctx *c, const http_req *r)
{
    (void)app;
    (void)c;
    return policy_allows(ROLE_VISITOR, (policy_action)r->route->may);
}

static int ask(ctx *c, const char *target, http_res *out)
{
    http_config cfg = { .app = c->site, .allow = allow };
    cfg.routes = routes_all(&cfg.route_count);
    assert_ok(c, http_loopback(c, &cfg, S("GET"), str_of(target), NULL, (str){ 0 }, out));
    return out->status;
}

static json body(ctx *c, const char *target, int status)
{
    http_res w;
    json v;
    int got = ask(c, target, &w);
    if (got != status)
        fail_msg("%s: %d\n%.*s", target, got, S_ARG(w.body));
    assert_ok(c, json_parse(c, w.body, &v));
    assert_true(json_get_bool(&v, "success", false) == (status == 200));
    return v;
}

static str names(ctx *c, const char *target)
{
    json v = body(c, target, 200);
    const json *l = json_get(&v, "result");
    str_list out = { 0 };
    assert_true(l != NULL && l->type == JSON_ARR);
    for (size_t i = 0; i < l->arr.n; i++)
        list_add(c->a, &out, json_text(c, &l->arr.v[i]));
    return str_join(c->a, &out, S(" "));
}

static void lists(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    fill(c);
    assert_str(names(c, "/api/v1/rest/dataset"), S("1001 1005 1006 A15030000H-000009"));
    assert_str(names(c, "/api/v1/rest/dataset?limit=1&offset=1"), S("1005"));
    assert_str(names(c, "/api/v1/rest/dataset?limit=0"), S(""));
    assert_str(names(c, "/api/v1/rest/dataset?modified=2016-06-25T09:48:53%2B08:00"), S("1001 1005 1006 A15030000H-000009"));
    assert_str(names(c, "/api/v1/rest/dataset?modified=2016-06-26"), S(""));
    assert_str(names(c, "/api/v1/rest/group?limit=2&offset=1"), S("200 300"));
    assert_str(names(c, "/api/v1/rest/tag/%E5%85%AC%E8%BB%8A"), S("1001 1005 1006 A15030000H-000009"));
    assert_true(str_has(names(c, "/api/v1/rest/tag"), S("公車")));
    json v = body(c, "/api/v1/rest/group/A00", 200);
    const json *g = json_get(&v, "result");
    assert_str(json_get_text(c, g, "display_name"), S("交通及通訊"));
    assert_str(json_get_text(c, g, "package_count"), S("3"));
    assert_int_equal(json_get(g, "packages")->arr.n, 3);
    assert_int_equal(json_get_text(c, g, "created").n, 19);
}

static void metadata(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    fill(c);
    json v = body(c, "/api/v1/rest/dataset/A15030000H-000009", 200);
    const json *d = json_get(&v, "result"), *f = json_get(d, "distribution");
    assert_str(json_get_text(c, d, "identifier"), S("A15030000H-000009"));
    assert_str(json_get_text(c, d, "categoryCode"), S("I00"));
    assert_str(json_get_text(c, d, "modified"), S("2016-06-25 09:48:53"));
    assert_str(json_get_text(c, d, "publisherOrgCode"), S("A15030000H"));
    assert_int_equal(f->arr.n, 3);
    assert_str(json_get_text(c, &f->arr.v[0], "resourceID"), S("A15030000H-000009-001"));
    assert_non_null(json_get(&f->arr.v[0], "downloadURL"));
    assert_non_null(json_get(&f->arr.v[1], "accessURL"));
    v = body(c, "/api/v2/rest/dataset/1001", 200);
    d = json_get(&v, "result");
    assert_int_equal(json_get(d, "datasetId")->i, 1001);
    assert_str(json_get_text(c, json_get(d, "updateFrequency"), "Frequency"), S("3"));
    assert_str(json_get_text(c, json_get(d, "updateFrequency"), "unittime"), S("月"));
    assert_str(json_get_text(c, d, "license"), S("1"));
}

static void refusals(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    static const struct { const char *target; int status; const char *type; } cases[] = {
        { "/api/v1/rest/dataset/absent", 404, "ER0100" }, { "/api/v1/rest/group/Z99", 404, "ER0100" }, { "/api/v1/rest/tag/x", 404, "ER0100" },
        { "/api/v1/rest/dataset?limit=11.5", 400, "ER0210" }, { "/api/v1/rest/dataset?offset=all", 400, "ER0210" },
        { "/api/v1/rest/dataset?limit=-1", 400, "ER0210" }, { "/api/v1/rest/dataset?modified=soon", 400, "ER0210" },
        { "/api/v1/rest/dataset?rows=5", 400, "ER0200" }, { "/api/v1/rest/group?modified=2016-01-01", 400, "ER0200" },
        { "/api/v2/rest/dataset/export?format=xls", 400, "ER0210" },
        { "/api/v1/rest/dataset/1002", 404, "ER0100" }, { "/api/v1/rest/dataset/1003", 404, "ER0100" },      /* C8 */
        { "/api/v1/rest/dataset/1004", 404, "ER0100" }, { "/api/v2/rest/dataset/1002", 404, "ER0100" },
    };
    fill(c);
    for (size_t i = 0; i < array_len(cases); i++) {
        json v = body(c, cases[i].target, cases[i].status);
        assert_str(json_get_text(c, json_get(&v, "error"), "type"), str_of(cases[i].type));
        assert_true(json_get_text(c, json_get(&v, "error"), "message").n > 10 && json_get(&v, "result") == NULL);
    }
}

static void export_comes_back_unchanged(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    static const char *const forms[] = { "csv", "json" };
    int64_t last;
    fill(c);
    assert_ok(c, ledger_seq(c, &last));
    for (size_t i = 0; i < array_len(forms); i++) {
        http_res w;
        reader_report r;
        assert_int_equal(ask(c, str_z(c->a, str_fmt(c->a, "/api/v2/rest/dataset/export?format=%s", forms[i])), &w), 200);
        assert_false(str_has(w.body, S("密件")) || str_has(w.body, S("草稿")) || str_has(w.body, S("已撤")));
        str path = file_join(c->a, t->dir, str_fmt(c->a, "out.%s", forms[i]));
        assert_ok(c, file_write(c, path, w.body));
        assert_ok(c, reader_import(c, t->site, path, &(reader_options){ 0 }, &r));
        assert_str(r.kind, S("export"));
        for (size_t k = 0; k < r.refusals.n; k++)
            print_error("%.*s: %.*s\n", S_ARG(r.refusals.v[k].key), S_ARG(r.refusals.v[k].reason));
        ledger_row_list rows;
        assert_ok(c, q_ledger_after(c, last, 10, &rows));
        for (size_t k = 0; k < rows.n; k++)
            print_error("%.*s %.*s → %.*s\n", S_ARG(rows.v[k].subject_key), S_ARG(rows.v[k].before_json), S_ARG(rows.v[k].after_json));
        assert_int_equal(r.refused + r.created + r.updated, 0);
        assert_int_equal(r.unchanged, 4);
    }
    http_res xml;
    assert_int_equal(ask(c, "/datasets/export/xml", &xml), 200);
    assert_true(str_has(xml.body, S("<資料集名稱>公車站牌</資料集名稱>")) && str_ends(xml.body, S("</data>\n")));
}

int main(void)
{
    log_set_level(LOG_WARN);
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(lists), T(metadata), T(refusals), T(export_comes_back_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
