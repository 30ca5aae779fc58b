/* The Action API as its clients meet it: envelope, ways of asking, errors,
 * shapes, visibility, paging; on both engines (A1, G4). */
#include "support/datasets.h"

#include <stdio.h>

#include "app/find/find.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "kit/db/db.h"
#include "kit/http/server.h"
#include "kit/text/json_read.h"

typedef struct {
    const char *key, *title, *org, *format, *state, *class_, *words[3];
} sample;

static const sample samples[] = {
    { "a1", "臺北市公車站牌位置", "臺北市政府交通局", "CSV", "published", "open", { "公車", "站牌" } },
    { "a2", "空氣品質監測", "環境部", "JSON", "published", "open", { "空氣", "監測" } },
    { "a3", "Bus stops \"express\"", "臺北市政府交通局", "CSV", "published", "limited", { "公車" } },
    { "b1", "公車草稿", "環境部", "CSV", "draft", "open", { "公車", "草稿" } },
    { "b2", "公車撤下", "環境部", "CSV", "withdrawn", "open", { "公車", "撤下" } },
    { "b3", "公車不公開", "環境部", "CSV", "published", "closed", { "公車", "機密" } },
};

static void store(ctx *c, const sample *s, int n)
{
    dataset_draft d = test_draft(s->key, s->title, s->org);
    d.licence = S("政府資料開放授權條款-第1版");
    d.state = str_of(s->state);
    d.class_ = str_of(s->class_);
    d.updated_at = 1600000000000 + n * DAY_MS;
    d.contact_name = S("王小姐");
    for (size_t i = 0; i < array_len(s->words) && s->words[i] != NULL; i++)
        list_add(c->a, &d.keywords, str_of(s->words[i]));
    for (int i = 0; i < 2; i++)
        (void)test_draft_file(c, &d, str_z(c->a, str_fmt(c->a, "file %d", i)), s->format, str_fmt(c->a, "https://data.example.gov.tw/%s_%d.csv", s->key, i));
    (void)test_store(c, &d);
}

static int setup(void **state)
{
    test_site *t = test_site_new();
    ctx *c = &t->c;
    for (size_t i = 0; i < array_len(samples); i++)
        store(c, &samples[i], (int)i);
    assert_ok(c, db_script(c, S("INSERT INTO alias (kind, slug, subject_id) SELECT 'dataset', 'old-name', id FROM dataset WHERE slug = 'a1';"
                                "INSERT INTO alias (kind, slug, subject_id) SELECT 'organization', 'old-org', id FROM organization WHERE name = '環境部'")));
    assert_ok(c, find_open(c, t->site));
    *state = t;
    return 0;
}

static http_res ask(test_site *t, const char *method, const char *target, const char *type, str body)
{
    ctx *c = &t->c;
    http_res w;
    url_pairs headers = { 0 };
    http_config cfg = { .app = t->site, .error = page_error };
    cfg.routes = routes_all(&cfg.route_count);
    if (type != NULL)
        list_add(c->a, &headers, (url_pair){ S("Content-Type"), str_of(type) });
    assert_ok(c, http_loopback(c, &cfg, str_of(method), str_of(target), &headers, body, &w));
    return w;
}

static json parsed(ctx *c, str text)
{
    json v;
    if (!json_parse(c, text, &v))
        fail_msg("%.*s in %.*s", S_ARG(c->err.message), S_ARG(text));
    return v;
}

/* The result of a call that is answered. */
static const json *result(test_site *t, const char *call)
{
    ctx *c = &t->c;
    http_res w = ask(t, "GET", str_z(c->a, str_cat(c->a, S("/api/3/action/"), str_of(call))), NULL, (str){ 0 });
    if (w.status != 200)
        fail_msg("%s: %d %.*s", call, w.status, S_ARG(w.body));
    assert_str(w.type, S("application/json;charset=utf-8"));
    assert_true(w.any_origin);
    json *v = new (c->a, json);
    *v = parsed(c, w.body);
    assert_true(json_get_bool(v, "success", false));
    assert_true(str_starts(json_get_text(c, v, "help"), S("http://localhost/api/3/action/help_show?name=")));
    return json_get(v, "result");
}

/* The error of one that is not: status, __type, and the text behind a key. */
static void refused(test_site *t, const char *call, int status, const char *type, const char *key, const char *text)
{
    ctx *c = &t->c;
    http_res w = ask(t, "GET", str_z(c->a, str_cat(c->a, S("/api/3/action/"), str_of(call))), NULL, (str){ 0 });
    if (w.status != status)
        fail_msg("%s: %d %.*s", call, w.status, S_ARG(w.body));
    json v = parsed(c, w.body);
    assert_false(json_get_bool(&v, "success", true));
    assert_true(json_get(&v, "help") != NULL);
    const json *e = json_get(&v, "error"), *said = json_get(e, key);
    assert_str(json_get_text(c, e, "__type"), str_of(type));
    assert_non_null(said);
    if (said->type == JSON_ARR)
        said = &said->arr.v[0];
    if (!str_has(json_text(c, said), str_of(text)))
        fail_msg("%s says %.*s", call, S_ARG(json_text(c, said)));
}

static str text_of(test_site *t, const json *o, const char *key)
{
    return json_get_text(&t->c, o, key);
}

/* --- packages --- */

static void shows_a_package(void **state)
{
    test_site *t = *state;
    static const char *const keys[] = { "id", "name", "title", "notes", "url", "version", "type", "state", "private", "isopen",
        "license_id", "license_title", "author", "author_email", "maintainer", "maintainer_email", "owner_org", "organization",
        "creator_user_id", "metadata_created", "metadata_modified", "num_resources", "num_tags", "resources", "tags", "groups",
        "extras", "relationships_as_subject", "relationships_as_object" };
    static const char *const resource_keys[] = { "id", "package_id", "name", "description", "format", "mimetype", "mimetype_inner",
        "url", "url_type", "resource_type", "hash", "size", "created", "last_modified", "metadata_modified", "cache_url",
        "cache_last_updated", "position", "state", "datastore_active" };
    const json *p = result(t, "package_show?id=a1");
    for (size_t i = 0; i < array_len(keys); i++)
        if (json_get(p, keys[i]) == NULL)
            fail_msg("no %s", keys[i]);
    const json *r = &json_get(p, "resources")->arr.v[1];
    for (size_t i = 0; i < array_len(resource_keys); i++)
        if (json_get(r, resource_keys[i]) == NULL)
            fail_msg("no %s in a resource", resource_keys[i]);
    assert_str(text_of(t, p, "title"), S("臺北市公車站牌位置"));
    assert_int_equal(json_get(p, "private")->type, JSON_BOOL);
    assert_true(json_get_bool(p, "isopen", false));
    assert_str(text_of(t, p, "license_id"), S("OGDL-Taiwan-1.0"));
    assert_str(text_of(t, p, "state"), S("active"));
    assert_int_equal(json_get(p, "tags")->arr.n, 2);
    assert_int_equal(text_of(t, p, "metadata_modified").n, 26);      /* microseconds, no zone */
    const json *org = json_get(p, "organization");
    assert_str(text_of(t, org, "title"), S("臺北市政府交通局"));
    assert_str(text_of(t, org, "id"), text_of(t, p, "owner_org"));
    assert_str(text_of(t, &json_get(p, "groups")->arr.v[0], "name"), S("transport"));
    str id = text_of(t, p, "id");
    char call[100];
    (void)snprintf(call, sizeof call, "package_show?name_or_id=%.*s", S_ARG(id));
    assert_str(text_of(t, result(t, call), "name"), S("a1"));
    assert_str(text_of(t, result(t, "package_show?id=old-name"), "name"), S("a1"));
    assert_str(text_of(t, result(t, "package_show?id=a3"), "title"), S("Bus stops \"express\""));
}

static void hides_what_is_not_public(void **state)
{
    test_site *t = *state;
    static const char *const hidden[] = { "package_show?id=b1", "package_show?id=b2", "package_show?id=b3", "package_activity_list?id=b3",
                                          "package_relationships_list?id=b2", "dataset_follower_count?id=b1" };
    for (size_t i = 0; i < array_len(hidden); i++)
        refused(t, hidden[i], 404, "Not Found Error", "message", "Not found: ");
    assert_int_equal(result(t, "package_list")->arr.n, 3);
    assert_int_equal(result(t, "current_package_list_with_resources")->arr.n, 3);
    assert_int_equal(json_get(result(t, "package_search?q=公車&include_private=true&include_drafts=true"), "count")->i, 2);
    assert_int_equal(json_get(result(t, "package_search?fq=state:draft"), "count")->i, 0);
    assert_int_equal(json_get(result(t, "package_search?fq=name:b*"), "count")->i, 0);
    assert_int_equal(json_get(result(t, "resource_search?query=url:b3"), "count")->i, 0);
    assert_int_equal(json_get(result(t, "resource_search?query=url:a1"), "count")->i, 2);
    assert_int_equal(result(t, "tag_list?query=機密")->arr.n, 0);
    assert_int_equal(result(t, "tag_list")->arr.n, 4);
    assert_int_equal(result(t, "package_autocomplete?q=公車")->arr.n, 1);
    assert_int_equal(json_get(result(t, "organization_show?id=old-org"), "package_count")->i, 1);
    assert_int_equal(result(t, "member_list?id=old-org")->arr.n, 1);
}

static void lists_names(void **state)
{
    test_site *t = *state;
    const json *l = result(t, "package_list");
    assert_str(l->arr.v[0].s, S("a1"));
    assert_str(l->arr.v[2].s, S("a3"));
    l = result(t, "package_list?limit=1&offset=1");
    assert_int_equal(l->arr.n, 1);
    assert_str(l->arr.v[0].s, S("a2"));
    assert_int_equal(result(t, "package_list?offset=9")->arr.n, 0);
    refused(t, "package_list?limit=x", 409, "Validation Error", "limit", "Invalid integer");
    refused(t, "package_list?limit=-1", 409, "Validation Error", "limit", "natural number");
    assert_int_equal(result(t, "current_package_list_with_resources?limit=2&page=2")->arr.n, 1);
}

/* --- search --- */

static int64_t count(test_site *t, const char *parameters)
{
    char call[500];
    (void)snprintf(call, sizeof call, "package_search?%s", parameters);
    return json_get(result(t, call), "count")->i;
}

static void searches(void **state)
{
    test_site *t = *state;
    assert_int_equal(count(t, ""), 3);
    assert_int_equal(count(t, "q="), 3);
    assert_int_equal(count(t, "q=*:*"), 3);
    assert_int_equal(count(t, "q=公車"), 2);
    assert_int_equal(count(t, "q=台北市公車"), 1);
    assert_int_equal(count(t, "q=title:公車"), 1);
    assert_int_equal(count(t, "q=tags:公車"), 2);
    assert_int_equal(count(t, "fq=res_format:csv"), 2);
    assert_int_equal(count(t, "fq=res_format:(CSV%20OR%20JSON)%20AND%20-tags:站牌"), 2);
    assert_int_equal(count(t, "fq=organization:old-org"), 1);
    assert_int_equal(count(t, "fq=organization:nobody"), 0);
    assert_int_equal(count(t, "fq=groups:transport"), 2);
    assert_int_equal(count(t, "fq=%2bcapacity:public%20%2bstate:active%20dataset_type:dataset%20private:false"), 3);
    assert_int_equal(count(t, "fq=private:true"), 0);
    assert_int_equal(count(t, "fq=metadata_modified:[NOW-1HOUR%20TO%20*]"), 3);
    assert_int_equal(count(t, "fq=metadata_modified:[*%20TO%20NOW-1HOUR]"), 0);
    assert_int_equal(count(t, "fq=metadata_created:[2020-01-01T00:00:00Z%20TO%20NOW%2b1DAY]"), 3);
    assert_int_equal(count(t, "fq=extras_modified:2020-09-14"), 1);
    assert_int_equal(count(t, "fq=num_tags:{1%20TO%20*]"), 2);
    assert_int_equal(count(t, "fq=num_tags:1"), 1);
    assert_int_equal(count(t, "fq=res_url:https*a1_0.csv"), 1);
    assert_int_equal(count(t, "fq=maintainer:小姐"), 3);
    assert_int_equal(count(t, "fq=author:環境部"), 1);
    assert_int_equal(count(t, "fq=license_id:OGDL-Taiwan-1.0&fq_list=[\"name:a1\",\"tags:*\"]"), 1);
    assert_int_equal(count(t, "fq=name:a1&fq=name:a2"), 0);
    assert_int_equal(count(t, "fq=extras_nobody_has_this:x"), 0);
    assert_int_equal(count(t, "fq=extras_star:3"), 3);
    assert_int_equal(count(t, "ext_anything=1&df=text&defType=edismax"), 3);
    refused(t, "package_search?foo=1&bar=2", 400, "Search Query Error", "message", "Invalid search parameters: ['foo', 'bar']");
    refused(t, "package_search?fq=foo:1", 400, "Search Query Error", "message", "undefined field foo");
    refused(t, "package_search?fq=(a", 400, "Search Query Error", "message", "not closed");
    refused(t, "package_search?q=title:", 400, "Search Query Error", "message", "missing");
    refused(t, "package_search?fq=metadata_modified:yesterday", 400, "Search Query Error", "message", "is no date");
    refused(t, "package_search?fq=extras_spatial:x", 400, "Search Query Error", "message", "cannot be searched");
    refused(t, "package_search?sort=nothing%20asc", 400, "Search Query Error", "message", "undefined field");
    refused(t, "package_search?sort=name%20sideways", 400, "Search Query Error", "message", "asc or desc");
    refused(t, "package_search?q={!func}x", 409, "Search Error", "message", "Local parameters");
    refused(t, "package_search?rows=-1", 409, "Validation Error", "rows", "natural");
    refused(t, "package_search?facet.field=[\"title\"]", 400, "Search Query Error", "message", "cannot be counted");
}

static void sorts_and_pages(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    const json *r = result(t, "package_search?sort=name%20desc&rows=2");
    assert_str(text_of(t, r, "sort"), S("name desc"));
    assert_str(text_of(t, &json_get(r, "results")->arr.v[0], "name"), S("a3"));
    r = result(t, "package_search?sort=title_string%20asc,%20id%20asc&rows=1");
    assert_str(text_of(t, &json_get(r, "results")->arr.v[0], "name"), S("a3"));
    str before = { 0 };
    for (int i = 0; i < 3; i++) {
        char call[80];
        (void)snprintf(call, sizeof call, "package_search?sort=id%%20asc&rows=1&start=%d", i);
        r = json_get(result(t, call), "results");
        assert_int_equal(r->arr.n, 1);
        str id = text_of(t, &r->arr.v[0], "id");
        assert_true(str_cmp(before, id) < 0);
        before = id;
    }
    http_res last = ask(t, "GET", "/api/3/action/package_search?sort=id%20asc&rows=1&start=2", NULL, (str){ 0 });
    http_res past = ask(t, "GET", "/api/3/action/package_search?sort=id%20asc&rows=1&start=3", NULL, (str){ 0 });
    assert_false(str_eq(last.body, past.body));
    json v = parsed(c, past.body);
    assert_int_equal(json_get(json_get(&v, "result"), "results")->arr.n, 0);
    assert_int_equal(json_get(result(t, "package_search?rows=99999&start=99999999999"), "results")->arr.n, 0);
}

static void counts_facets(void **state)
{
    test_site *t = *state;
    const json *r = result(t, "package_search?rows=0&facet.field=[\"organization\",\"tags\",\"res_format\",\"capacity\"]");
    const json *f = json_get(r, "facets"), *s = json_get(r, "search_facets");
    assert_int_equal(json_get(json_get(f, "tags"), "公車")->i, 2);
    assert_int_equal(json_get(json_get(f, "res_format"), "CSV")->i, 2);
    assert_int_equal(json_get(json_get(f, "capacity"), "public")->i, 3);
    assert_str(text_of(t, json_get(s, "tags"), "title"), S("tags"));
    const json *items = json_get(json_get(s, "organization"), "items");
    assert_int_equal(items->arr.n, 2);
    assert_str(text_of(t, &items->arr.v[0], "display_name"), S("臺北市政府交通局"));       /* descending by what is displayed */
    assert_int_equal(json_get(&items->arr.v[0], "count")->i, 2);
    assert_true(text_of(t, &items->arr.v[0], "name").n > 0);
    r = result(t, "package_search?rows=0&facet.field=tags&facet.limit=1");
    assert_int_equal(json_get(json_get(r, "facets"), "tags")->obj.n, 1);
    r = result(t, "package_search?rows=0&facet.field=tags&facet.mincount=2&facet.limit=-1");
    assert_int_equal(json_get(json_get(r, "facets"), "tags")->obj.n, 1);
    r = result(t, "package_search?rows=0&facet.field=tags&facet=false");
    assert_int_equal(json_get(r, "facets")->obj.n, 0);
    r = result(t, "package_search?rows=0&facet.field=owner_org&fq=name:a2");
    str owner = text_of(t, result(t, "package_show?id=a2"), "owner_org");
    assert_int_equal(json_get_s(json_get(json_get(r, "facets"), "owner_org"), owner)->i, 1);
}

static void cuts_fields(void **state)
{
    test_site *t = *state;
    const json *r = result(t, "package_search?fq=name:a1&fl=id,name,tags,organization,groups,res_url,extras_source,nothing");
    const json *p = &json_get(r, "results")->arr.v[0];
    assert_int_equal(p->obj.n, 7);
    assert_str(text_of(t, p, "name"), S("a1"));
    assert_str(json_get(p, "tags")->arr.v[1].s, S("站牌"));
    assert_str(json_get(p, "groups")->arr.v[0].s, S("transport"));
    assert_int_equal(json_get(p, "res_url")->arr.n, 2);
    assert_str(text_of(t, p, "extras_source"), S("test"));
}

/* --- ways of asking --- */

static void is_a1(test_site *t, http_res w)
{
    if (w.status != 200)
        fail_msg("%d %.*s", w.status, S_ARG(w.body));
    json v = parsed(&t->c, w.body);
    assert_str(text_of(t, json_get(&v, "result"), "name"), S("a1"));
}

static void is_asked_in_many_ways(void **state)
{
    test_site *t = *state;
    const char *show = "/api/3/action/package_show", *form = "application/x-www-form-urlencoded";
    is_a1(t, ask(t, "GET", "/api/action/package_show?id=a1", NULL, (str){ 0 }));
    is_a1(t, ask(t, "POST", show, "application/json", S("{\"id\": \"a1\"}")));
    is_a1(t, ask(t, "POST", show, form, S("{\"id\": \"a1\"}")));
    is_a1(t, ask(t, "POST", show, form, S("%7B%22id%22%3A%22a1%22%7D=")));
    is_a1(t, ask(t, "POST", show, form, S("%7B%22id%22%3A%22a1%22%7D=1")));
    is_a1(t, ask(t, "POST", show, form, S("id=a1")));
    is_a1(t, ask(t, "POST", show, NULL, S("{\"id\": \"a1\"}")));
    is_a1(t, ask(t, "POST", "/api/3/action/package_show?id=a1", "application/json", (str){ 0 }));
    is_a1(t, ask(t, "POST", show, "multipart/form-data; boundary=x",
                 S("--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\na1\r\n--x--\r\n")));
    http_res w = ask(t, "POST", "/api/3/action/package_search", "application/json",
                     S("{\"fq\": \"tags:公車\", \"facet.field\": [\"tags\"], \"rows\": 0, \"facet.limit\": 5}"));
    json v = parsed(&t->c, w.body);
    assert_int_equal(json_get(json_get(json_get(json_get(&v, "result"), "facets"), "tags"), "公車")->i, 2);
}

static void refuses_what_is_no_call(void **state)
{
    test_site *t = *state;
    static const struct { const char *method, *target, *type, *body, *says; } calls[] = {
        { "GET", "/api/3/action/nothing", NULL, "", "\"Bad request: Action name not known: nothing\"" },
        { "GET", "/api/3/action/package_create", NULL, "", "\"Bad request: JSON Error: Invalid request. Please use POST" },
        { "POST", "/api/3/action/package_show", "application/json", "[1]", "\"Bad request: JSON Error: Request data JSON decoded" },
        { "POST", "/api/3/action/package_show", "application/json", "{", "\"Bad request: JSON Error: Error decoding JSON data" },
        { "POST", "/api/3/action/package_show", "application/x-www-form-urlencoded", "x", "\"Bad request: JSON Error: Error decoding" },
        { "GET", "/api/3/action/site_read?callback=a(b)", NULL, "", "\"Bad request: callback" },
    };
    for (size_t i = 0; i < array_len(calls); i++) {
        http_res w = ask(t, calls[i].method, calls[i].target, calls[i].type, str_of(calls[i].body));
        assert_int_equal(w.status, 400);
        if (!str_starts(w.body, str_of(calls[i].says)))
            fail_msg("%s: %.*s", calls[i].target, S_ARG(w.body));
        (void)parsed(&t->c, w.body);
    }
    http_res w = ask(t, "POST", "/api/3/action/package_create", "application/json", S("{\"name\": \"x\"}"));
    assert_int_equal(w.status, 403);
    json v = parsed(&t->c, w.body);
    assert_str(text_of(t, json_get(&v, "error"), "__type"), S("Authorization Error"));
    assert_true(str_starts(text_of(t, json_get(&v, "error"), "message"), S("Access denied")));
    w = ask(t, "PUT", "/api/3/action/package_show?id=a1", NULL, (str){ 0 });
    v = parsed(&t->c, w.body);
    assert_int_equal(w.status, 405);
    assert_str(text_of(t, json_get(&v, "error"), "__type"), S("Method Not Allowed"));
    refused(t, "package_show", 409, "Validation Error", "name_or_id", "Missing value");
    refused(t, "user_list", 403, "Authorization Error", "message", "Access denied");
    refused(t, "help_show?name=nothing", 404, "Not Found Error", "message", "Not found");
}

/* What goes wrong before an action is reached, or below it, is told in the same envelope. */
static void speaks_of_faults(void **state)
{
    static const struct { err_code code; int status; const char *path, *type; } faults[] = {
        { ERR_RATE, 429, "/api/3/action/package_show", "Too Many Requests" },
        { ERR_METHOD, 405, "/api/action/package_show", "Method Not Allowed" },
        { ERR_BUSY, 503, "/api/3/action/package_search", "Service Unavailable" },
        { ERR_DB, 500, "/api/3/action/package_show", "Internal Server Error" },
        { ERR_TOO_LARGE, 413, "/api/3/action/package_show", "Content Too Large" },
        { ERR_NOT_FOUND, 404, "/api/3/action/a/b", "Not Found Error" },
    };
    test_site *t = *state;
    ctx *c = &t->c;
    for (size_t i = 0; i < array_len(faults); i++) {
        http_res w = { 0 };
        http_req r = { .path = str_of(faults[i].path), .host = S("localhost") };
        (void)err_set(c, faults[i].code, __FILE__, __LINE__, "%s", "the reason");
        assert_true(page_error(t->site, c, &r, &w));
        err_clear(c);
        json v = parsed(c, w.body);
        assert_int_equal(w.status, faults[i].status);
        assert_true(w.any_origin && str_starts(w.type, S("application/json")));
        assert_true(json_get(&v, "success")->type == JSON_BOOL && !json_get_bool(&v, "success", true));
        assert_int_equal(json_get(&v, "help") != NULL, faults[i].code != ERR_NOT_FOUND);
        assert_str(text_of(t, json_get(&v, "error"), "__type"), str_of(faults[i].type));
        assert_str(text_of(t, json_get(&v, "error"), "message"), S("the reason"));
    }
    json v = parsed(c, ask(t, "GET", "/api/3/action/package_show/more", NULL, (str){ 0 }).body);
    assert_str(text_of(t, json_get(&v, "error"), "__type"), S("Not Found Error"));
}

static void wraps_for_scripts(void **state)
{
    test_site *t = *state;
    http_res w = ask(t, "GET", "/api/3/action/site_read?callback=my.f_1", NULL, (str){ 0 });
    assert_str(w.type, S("application/javascript;charset=utf-8"));
    assert_true(str_starts(w.body, S("my.f_1({\"help\":")) && str_ends(w.body, S("\"result\":true});")));
    w = ask(t, "GET", "/api/3/action/package_search?rows=1&callback=f", NULL, (str){ 0 });
    assert_true(str_starts(w.body, S("f({")) && str_ends(w.body, S("});")));
    (void)parsed(&t->c, str_sub(w.body, 2, w.body.n - 2));
    assert_str(ask(t, "GET", "/api/3", NULL, (str){ 0 }).body, S("{\"version\": 3}"));
}

/* --- the rest --- */

static void shows_organisations_and_groups(void **state)
{
    test_site *t = *state;
    assert_int_equal(json_get(result(t, "organization_show?id=old-org&include_datasets=true"), "packages")->arr.n, 1);
    const json *l = result(t, "organization_list?all_fields=true&sort=package_count&limit=1");
    assert_int_equal(l->arr.n, 1);
    assert_str(text_of(t, &l->arr.v[0], "title"), S("臺北市政府交通局"));
    assert_int_equal(json_get(&l->arr.v[0], "package_count")->i, 2);
    assert_true(json_get_bool(&l->arr.v[0], "is_organization", false));
    assert_null(json_get(&l->arr.v[0], "extras"));
    assert_non_null(json_get(result(t, "organization_show?id=old-org"), "extras"));
    str name = text_of(t, &l->arr.v[0], "name");
    char call[200];
    (void)snprintf(call, sizeof call, "organization_list?organizations=[\"%.*s\"]", S_ARG(name));
    assert_int_equal(result(t, call)->arr.n, 1);
    assert_int_equal(result(t, "organization_list?q=台北市政府交通局")->arr.n, 1);
    assert_int_equal(result(t, "organization_list?limit=1&offset=99999")->arr.n, 0);
    refused(t, "organization_list?sort=nothing", 409, "Validation Error", "sort", "Cannot sort");
    refused(t, "organization_show?id=nobody", 404, "Not Found Error", "message", "was not found");
    l = result(t, "group_list?all_fields=true&sort=package_count%20desc");
    assert_str(text_of(t, &l->arr.v[0], "name"), S("transport"));
    assert_int_equal(json_get(result(t, "group_show?id=transport&include_datasets=true"), "packages")->arr.n, 2);
    str id = text_of(t, result(t, "group_show?id=transport"), "id");
    (void)snprintf(call, sizeof call, "group_show?id=%.*s", S_ARG(id));
    assert_str(text_of(t, result(t, call), "name"), S("transport"));
    assert_int_equal(result(t, "group_package_show?id=transport&limit=1")->arr.n, 1);
}

static void shows_resources_and_tags(void **state)
{
    test_site *t = *state;
    const json *p = result(t, "package_show?id=a1");
    str id = text_of(t, &json_get(p, "resources")->arr.v[1], "id");
    char call[200];
    (void)snprintf(call, sizeof call, "resource_show?id=%.*s", S_ARG(id));
    assert_str(text_of(t, result(t, call), "name"), S("file 1"));
    (void)snprintf(call, sizeof call, "resource_view_list?id=%.*s", S_ARG(id));
    assert_int_equal(result(t, call)->arr.n, 0);
    refused(t, "resource_show?id=nothing", 404, "Not Found Error", "message", "Resource");
    const json *r = result(t, "resource_search?query=[\"format:csv\",\"name:FILE 0\"]&order_by=url&limit=1");
    assert_int_equal(json_get(r, "count")->i, 2);
    assert_str(text_of(t, &json_get(r, "results")->arr.v[0], "url"), S("https://data.example.gov.tw/a1_0.csv"));
    assert_int_equal(json_get(result(t, "resource_search?query=url:a_1"), "count")->i, 0);        /* no wildcards of SQL's */
    refused(t, "resource_search?query=nothing:x", 409, "Validation Error", "query", "not recognised");
    refused(t, "resource_search", 409, "Validation Error", "query", "Missing value");
    const json *tag = result(t, "tag_show?id=公車&include_datasets=true");
    assert_int_equal(json_get(tag, "packages")->arr.n, 2);
    assert_str(text_of(t, tag, "id"), text_of(t, &json_get(p, "tags")->arr.v[0], "id"));
    (void)snprintf(call, sizeof call, "tag_show?id=%.*s", S_ARG(text_of(t, tag, "id")));
    assert_str(text_of(t, result(t, call), "name"), S("公車"));
    assert_int_equal(json_get(result(t, "tag_search?query=站"), "count")->i, 1);
    assert_int_equal(result(t, "tag_autocomplete?query=公")->arr.n, 1);
    assert_int_equal(result(t, "vocabulary_show?id=category")->obj.n, 3);
    assert_int_equal(result(t, "tag_list?vocabulary_id=category")->arr.n, 18);
    assert_str(result(t, "format_autocomplete?q=cs")->arr.v[0].s, S("csv"));
}

static void completes(void **state)
{
    test_site *t = *state;
    http_res w = ask(t, "GET", "/api/2/util/dataset/autocomplete?incomplete=公車", NULL, (str){ 0 });
    json v = parsed(&t->c, w.body);
    assert_str(text_of(t, &json_get(json_get(&v, "ResultSet"), "Result")->arr.v[0], "match_field"), S("title"));
    w = ask(t, "GET", "/api/util/tag/autocomplete?incomplete=公", NULL, (str){ 0 });
    assert_str(w.body, S("{\"ResultSet\":{\"Result\":[{\"Name\":\"公車\"}]}}"));
    w = ask(t, "GET", "/api/1/util/resource/format_autocomplete?incomplete=js", NULL, (str){ 0 });
    assert_str(w.body, S("{\"ResultSet\":{\"Result\":[{\"Format\":\"json\"}]}}"));
    assert_str(ask(t, "GET", "/api/util/dataset/autocomplete", NULL, (str){ 0 }).body, S("{\"ResultSet\":{\"Result\":[]}}"));
    assert_int_equal(ask(t, "GET", "/api/util/nothing/autocomplete?q=x", NULL, (str){ 0 }).status, 404);
    assert_str(text_of(t, &result(t, "package_autocomplete?q=a2")->arr.v[0], "match_field"), S("name"));
    assert_int_equal(result(t, "organization_autocomplete?q=環境部")->arr.n, 1);
}

static void describes_the_site(void **state)
{
    test_site *t = *state;
    const json *s = result(t, "status_show");
    assert_true(str_starts(text_of(t, s, "ckan_version"), S("2.11.")));
    assert_str(text_of(t, s, "site_url"), S("http://localhost"));
    const json *l = result(t, "license_list");
    assert_true(l->arr.n > 10);
    assert_str(text_of(t, &l->arr.v[0], "od_conformance"), S("approved"));
    assert_true(result(t, "site_read")->b);
    const json *a = result(t, "package_activity_list?id=a1");
    assert_int_equal(a->arr.n, 1);
    assert_str(text_of(t, &a->arr.v[0], "activity_type"), S("new package"));
    assert_int_equal(result(t, "organization_list_for_user")->arr.n, 0);
    assert_true(str_has(json_text(&t->c, result(t, "help_show?name=package_search")), S("fq")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_a_package), cmocka_unit_test(hides_what_is_not_public), cmocka_unit_test(lists_names),
        cmocka_unit_test(searches), cmocka_unit_test(sorts_and_pages), cmocka_unit_test(counts_facets), cmocka_unit_test(cuts_fields),
        cmocka_unit_test(is_asked_in_many_ways), cmocka_unit_test(refuses_what_is_no_call), cmocka_unit_test(speaks_of_faults),
        cmocka_unit_test(wraps_for_scripts),
        cmocka_unit_test(shows_organisations_and_groups), cmocka_unit_test(shows_resources_and_tags), cmocka_unit_test(completes),
        cmocka_unit_test(describes_the_site),
    };
    return cmocka_run_group_tests(tests, setup, test_site_teardown);
}
