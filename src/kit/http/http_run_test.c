/* Tests of run by loopback: the fixed order, languages, JSON by suffix, redirects, errors, headers. */
#include "kit/http/server.h"

static bool show(ctx *c, const http_req *r, http_res *w)
{
    w->cache_s = 60;
    http_head(c, w, "X-Seen", http_arg(r, "q"));
    w->type = S("text/plain; charset=utf-8");
    w->body = str_fmt(c->a, "%s%s %.*s id=%.*s json=%d host=%.*s from=%.*s tls=%d", c->lang == LANG_EN ? "en" : "zh",
                      c->lang_in_path ? "/" : "", S_ARG(r->path), S_ARG(http_param(r, "id")), r->wants_json,
                      S_ARG(r->host), S_ARG(r->remote), r->tls);
    return true;
}

static bool public_api(ctx *c, const http_req *r, http_res *w)
{
    (void)r;
    w->any_origin = true;
    return http_body_json(c, w, S("{}"));
}

static bool send_away(ctx *c, const http_req *r, http_res *w)
{
    return http_redirect(c, w, 302, http_arg(r, "to"));
}

static bool nothing(ctx *c, const http_req *r, http_res *w)
{
    (void)r;
    w->body = S("half an answer");
    return fail(c, GONE, "it was withdrawn");
}

static bool error_page(void *app, ctx *c, const http_req *r, http_res *w)
{
    (void)app;
    if (r->wants_json)
        return http_body_json(c, w, str_fmt(c->a, "{\"error\":\"%.*s\"}", S_ARG(c->err.message)));
    return http_body_html(c, w, str_fmt(c->a, "<h1>%s: %.*s</h1>", c->lang == LANG_EN ? "Error" : "錯誤", S_ARG(c->err.message)));
}

static bool allow(void *app, ctx *c, const http_req *r)
{
    (void)app;
    return r->route->may != 7 || fail(c, FORBIDDEN, "not for you");
}

static uint64_t version(void *app)
{
    (void)app;
    return 5;
}

#define GET (1u << HTTP_GET)
static const http_route routes[] = {
    { .methods = GET, .path = "/", .handler = show },
    { .methods = GET, .path = "/datasets/{id}", .handler = show, .cache = HTTP_CACHE_CATALOG },
    { .methods = GET, .path = "/openapi.json", .handler = show },
    { .methods = GET, .path = "/blobs/{rest*}", .handler = show },
    { .methods = GET | 1u << HTTP_POST, .path = "/api", .handler = public_api },
    { .methods = GET, .path = "/away", .handler = send_away },
    { .methods = GET, .path = "/gone", .handler = nothing },
    { .methods = GET, .path = "/secret", .handler = show, .may = 7 },
};
static const http_config cfg = { .routes = routes, .route_count = array_len(routes), .error = error_page, .allow = allow,
                                 .version = version, .build_id = S_INIT("b"), .trusted_proxy = S_INIT("127.0.0.1") };

#include "support/support.h"     /* from here on `fail` is cmocka's */

static ctx *const c = &test_bare;

static http_res ask(const char *method, const char *target, const char *name, const char *value)
{
    url_pair h = { str_of(name), str_of(value) };
    url_pairs all = { &h, name != NULL ? 1 : 0, 1 };
    http_res w;
    assert_true(http_loopback(c, &cfg, str_of(method), str_of(target), &all, S(""), &w));
    return w;
}

static http_res get(const char *target)
{
    return ask("GET", target, NULL, NULL);
}

static str header(const http_res *w, const char *name)
{
    for (size_t i = 0; i < w->headers.n; i++)
        if (str_ieq(w->headers.v[i].name, str_of(name)))
            return w->headers.v[i].value;
    return (str){ 0 };
}

static void body_is(const char *target, const char *name, const char *value, const char *want)
{
    http_res w = ask("GET", target, name, value);
    if (!str_starts(w.body, str_of(want)))
        fail_msg("%s: “%.*s” instead of “%s”", target, S_ARG(w.body), want);
}

static void test_languages(void **state)
{
    (void)state;
    body_is("/", NULL, NULL, "zh / ");
    body_is("/", "Accept-Language", "en", "en / ");
    body_is("/en", NULL, NULL, "en/ / ");
    body_is("/en/", "Accept-Language", "zh", "en/ / ");
    body_is("/en/datasets/x", NULL, NULL, "en/ /datasets/x id=x");
    body_is("/datasets/en", NULL, NULL, "zh /datasets/en id=en");
    assert_int_equal(get("/english").status, 404);
}

static void test_paths(void **state)
{
    (void)state;
    body_is("/datasets/%E8%87%BA%2F%20x", NULL, NULL, "zh /datasets/臺/ x id=臺/ x json=0");
    body_is("/datasets/臺", NULL, NULL, "zh /datasets/臺 id=臺 json=0");
    body_is("/datasets/a.json", NULL, NULL, "zh /datasets/a id=a json=1");
    body_is("/datasets/a", "Accept", "application/json", "zh /datasets/a id=a json=1");
    body_is("/openapi.json", NULL, NULL, "zh /openapi.json id= json=0");
    body_is("/blobs/a/b.json", NULL, NULL, "zh /blobs/a/b.json id= json=0");
    body_is("/en/datasets/.json", NULL, NULL, "en/ /datasets/.json id=.json json=0");
    static const struct { const char *target; int status; } bad[] = {
        { "/datasets/%00", 400 }, { "/datasets/%zz", 400 }, { "/datasets/%", 400 }, { "/datasets/%ff", 400 },
        { "/datasets/%0d%0aX", 400 }, { "/datasets/../x", 400 }, { "/datasets/%2e%2e", 400 }, { "/./datasets/x", 400 },
        { "//datasets/x", 404 }, { "/datasets//x", 404 }, { "//evil.example/", 404 }, { "/?a=%", 400 }, { "/?a=%ff", 400 },
        { "/nothing.json", 404 },
    };
    for (size_t i = 0; i < array_len(bad); i++)
        if (get(bad[i].target).status != bad[i].status)
            fail_msg("%s: %d", bad[i].target, get(bad[i].target).status);
}

static void test_redirects(void **state)
{
    (void)state;
    http_res w = get("/en/datasets/x/?a=b%20c");
    assert_int_equal(w.status, 301);
    assert_true(str_eq(header(&w, "Location"), S("/en/datasets/x?a=b%20c")));
    w = get("/datasets/%5Cevil.example/");
    assert_true(str_eq(header(&w, "Location"), S("/datasets/%5Cevil.example")));
    w = ask("POST", "/api/", NULL, NULL);
    assert_int_equal(w.status, 308);
    assert_int_equal(get("/nothing/").status, 404);
    w = get("/away?to=http://x/%0d%0aSet-Cookie:%20a=b");
    assert_int_equal(w.status, 302);
    assert_true(str_eq(header(&w, "Location"), S("http://x/%0D%0ASet-Cookie:%20a=b")));
    w = get("/?q=a%0d%0aX-Evil:%20b");
    assert_true(str_eq(header(&w, "X-Seen"), S("a%0D%0AX-Evil:%20b")) && header(&w, "X-Evil").n == 0);
}

static void test_errors(void **state)
{
    (void)state;
    http_res w = get("/en/gone");
    assert_int_equal(w.status, 410);
    assert_true(str_eq(w.body, S("<h1>Error: it was withdrawn</h1>")));
    assert_true(str_eq(header(&w, "Cache-Control"), S("no-store")));
    w = get("/gone.json");
    assert_true(str_eq(w.body, S("{\"error\":\"it was withdrawn\"}")));
    w = ask("DELETE", "/api", NULL, NULL);
    assert_int_equal(w.status, 405);
    assert_true(str_eq(header(&w, "Allow"), S("GET, HEAD, POST, OPTIONS")));
    assert_int_equal(get("/secret").status, 403);
    assert_int_equal(c->err.code, ERR_OK); /* the caller's own error is untouched */
}

static void test_conditions(void **state)
{
    (void)state;
    http_res w = get("/datasets/x");
    assert_true(w.etag.n > 10);
    http_res again = ask("GET", "/datasets/x", "If-None-Match", str_z(c->a, header(&w, "ETag")));
    assert_int_equal(again.status, 304);
    assert_int_equal(again.body.n, 0);
    assert_true(str_eq(again.etag, w.etag));
    http_res other = get("/datasets/y");
    assert_false(str_eq(other.etag, w.etag));
    other = get("/en/datasets/x");
    assert_false(str_eq(other.etag, w.etag));
    other = get("/datasets/x.json");
    assert_false(str_eq(other.etag, w.etag));
    w = ask("GET", "/datasets/x", "Range", "bytes=0-1");
    assert_int_equal(w.status, 206);
    assert_true(str_eq(w.body, S("zh")));
    w = ask("HEAD", "/datasets/x", NULL, NULL);
    assert_true(w.status == 200 && w.body.n == 0 && header(&w, "Content-Length").n > 0);
}

static void test_headers(void **state)
{
    (void)state;
    http_res w = get("/");
    assert_true(str_starts(header(&w, "Content-Security-Policy"), S("default-src 'none'")));
    assert_true(str_eq(header(&w, "X-Content-Type-Options"), S("nosniff")) && header(&w, "X-Request-Id").n > 0);
    assert_true(str_eq(header(&w, "Vary"), S("Accept-Encoding, Accept, Accept-Language")));
    assert_true(str_eq(header(&w, "Cache-Control"), S("public, max-age=60")));
    assert_int_equal(header(&w, "Access-Control-Allow-Origin").n, 0);
    w = get("/api");
    assert_true(str_eq(header(&w, "Access-Control-Allow-Origin"), S("*")));
    w = ask("OPTIONS", "/api", NULL, NULL);
    assert_int_equal(w.status, 204);
    assert_true(str_eq(header(&w, "Access-Control-Allow-Methods"), S("GET, HEAD, POST, OPTIONS")));
}

static void test_proxy_is_believed(void **state)
{
    (void)state;
    http_res w = ask("GET", "/", "X-Forwarded-For", "203.0.113.9, 198.51.100.7");
    assert_true(str_ends(w.body, S("from=198.51.100.7 tls=0")));
    w = ask("GET", "/", "X-Forwarded-For", "nonsense");
    assert_true(str_ends(w.body, S("from=127.0.0.1 tls=0")));
    w = ask("GET", "/", "X-Forwarded-Proto", "https");
    assert_true(str_ends(w.body, S("tls=1")) && header(&w, "Strict-Transport-Security").n > 0);
    http_config lone = cfg;
    lone.trusted_proxy = (str){ 0 };
    url_pair h = { S("X-Forwarded-For"), S("198.51.100.7") };
    assert_true(http_loopback(c, &lone, S("GET"), S("/"), &(url_pairs){ &h, 1, 1 }, S(""), &w));
    assert_true(str_ends(w.body, S("from=127.0.0.1 tls=0")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_languages), cmocka_unit_test(test_paths), cmocka_unit_test(test_redirects),
        cmocka_unit_test(test_errors), cmocka_unit_test(test_conditions), cmocka_unit_test(test_headers),
        cmocka_unit_test(test_proxy_is_believed),
    };
    return cmocka_run_group_tests(tests, test_bare_setup, test_bare_teardown);
}
