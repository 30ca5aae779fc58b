/* Tests of router: what wins, what is taken back, what is 404 and what 405. */
#include "kit/http/router.h"

#undef fail /* cmocka has one of its own */
#include <setjmp.h>
#include <cmocka.h>

static arena *a;
static router *r;

#define GET (1u << HTTP_GET)
#define POST (1u << HTTP_POST)
static const http_route routes[] = {
    { .methods = GET, .path = "/", .name = "home" },
    { .methods = GET, .path = "/datasets", .name = "list" },
    { .methods = POST, .path = "/datasets", .name = "create" },
    { .methods = GET, .path = "/datasets/new", .name = "new" },
    { .methods = GET, .path = "/datasets/{id}", .name = "show" },
    { .methods = GET, .path = "/datasets/{id}/{n}", .name = "file" },
    { .methods = GET, .path = "/datasets/new/help", .name = "help" },
    { .methods = GET, .path = "/feeds/{slug}.atom", .name = "feed" },
    { .methods = GET, .path = "/feeds/org-{slug}.atom", .name = "org-feed" },
    { .methods = GET, .path = "/feeds/{other}", .name = "other" },
    { .methods = GET | POST, .path = "/api/{version}/action/{name}", .name = "action" },
    { .methods = GET, .path = "/assets/{rest*}", .name = "asset" },
    { .methods = GET, .path = "/assets/robots.txt", .name = "robots" },
    { .methods = POST, .path = "/only-post", .name = "only-post" },
};

static int set_up(void **state)
{
    (void)state;
    a = arena_new(4096);
    r = router_make(a, routes, array_len(routes));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static router_hit find(http_method m, const char *path)
{
    str_list l = { 0 };
    str rest = str_of(path), part;
    while (rest.n > 0 && str_next(&rest, '/', &part))
        list_add(a, &l, part);
    router_hit hit;
    router_find(r, a, &l, m, &hit);
    return hit;
}

static void test_found(void **state)
{
    (void)state;
    static const struct { const char *path, *name; bool exact; } want[] = {
        { "", "home", true }, { "datasets", "list", true }, { "datasets/new", "new", true },
        { "datasets/abc", "show", false }, { "datasets/abc/2", "file", false }, { "datasets/new/help", "help", true },
        { "datasets/new/2", "file", false }, { "feeds/all.atom", "feed", true }, { "feeds/org-x.atom", "org-feed", true },
        { "feeds/all.rss", "other", false }, { "feeds/.atom", "other", false }, { "api/3/action/package_show", "action", false },
        { "assets/css/a.css", "asset", true }, { "assets/robots.txt", "robots", true }, { "assets/robots.txt/x", "asset", true },
    };
    for (size_t i = 0; i < array_len(want); i++) {
        router_hit h = find(HTTP_GET, want[i].path);
        if (h.route == NULL || strcmp(h.route->name, want[i].name) != 0 || h.exact_end != want[i].exact)
            fail_msg("/%s: %s", want[i].path, h.route != NULL ? h.route->name : "nothing");
    }
}

static void test_params(void **state)
{
    (void)state;
    router_hit h = find(HTTP_GET, "datasets/abc/2");
    assert_true(str_eq(url_arg(&h.params, "id"), S("abc")) && str_eq(url_arg(&h.params, "n"), S("2")));
    h = find(HTTP_GET, "feeds/org-x.atom");
    assert_true(str_eq(url_arg(&h.params, "slug"), S("x")));
    h = find(HTTP_GET, "assets/css/a.css");
    assert_true(str_eq(url_arg(&h.params, "rest"), S("css/a.css")));
    h = find(HTTP_POST, "api/3/action/package_search");
    assert_true(str_eq(url_arg(&h.params, "name"), S("package_search")));
}

static void test_absent(void **state)
{
    (void)state;
    static const char *const none[] = { "x", "datasets/a/b/c", "assets", "api/3/action", "api/3/other/x" };
    for (size_t i = 0; i < array_len(none); i++) {
        router_hit h = find(HTTP_GET, none[i]);
        assert_null(h.route);
        assert_int_equal(h.methods, 0);
    }
    buf deep = buf_in(a);
    for (int i = 0; i < 1000; i++)
        buf_add(&deep, S("assets/"));
    buf_byte(&deep, 0);
    assert_null(find(HTTP_GET, deep.p).route);
}

static void test_methods(void **state)
{
    (void)state;
    router_hit h = find(HTTP_DELETE, "datasets");
    assert_null(h.route);
    assert_int_equal(h.methods, GET | POST | 1u << HTTP_HEAD);
    assert_string_equal(find(HTTP_POST, "datasets").route->name, "create");
    assert_string_equal(find(HTTP_HEAD, "datasets").route->name, "list");
    assert_null(find(HTTP_HEAD, "only-post").route);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found), cmocka_unit_test(test_params), cmocka_unit_test(test_absent),
        cmocka_unit_test(test_methods),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
