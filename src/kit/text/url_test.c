/* Tests of url: addresses as catalogues hold them, queries as clients send them. */
#include "kit/text/url.h"

#include <setjmp.h>
#include <cmocka.h>

static ctx *fresh(void)
{
    static ctx c;
    arena_free(c.a);
    c = (ctx){ .a = arena_new(4096) };
    return &c;
}

#define same(got, want) assert_true(str_eq((got), S(want)))

static void test_parse(void **state)
{
    (void)state;
    url u;
    assert_true(url_parse(S("https://user:pw@data.example.tw:8443/a/b?x=1&y=?#part"), &u));
    same(u.scheme, "https");
    same(u.user, "user:pw");
    same(u.host, "data.example.tw");
    assert_int_equal(u.port, 8443);
    same(u.path, "/a/b");
    same(u.query, "x=1&y=?");
    same(u.fragment, "part");
    assert_true(url_parse(S("http://[::1]:80/"), &u));
    same(u.host, "[::1]");
    assert_int_equal(u.port, 80);
    assert_true(url_parse(S("http://[2001:db8::1]"), &u));
    same(u.path, "");
    assert_true(url_parse(S(" http://例.tw//double/資料 檔.csv?名=值\n"), &u));
    same(u.path, "//double/資料 檔.csv");
    assert_true(url_parse(S("ftp://h?q"), &u));
    same(u.query, "q");
}

static void test_parse_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "data.tw/x", "/x", "//host/x", "http:/x", "http://", "http:///x", ":x",
                                       "1http://h/", "http://h:0/", "http://h:65536/", "http://h:x/",
                                       "http://h:-1/", "http://h:+8/", "http://[::1/", "http://[::1]x/",
                                       "http://a b/", "http://a\\b/", "http://h/\r\nX: y", "mailto:a@b.tw",
                                       "javascript:alert(1)", "ht tp://h/" };
    for (size_t i = 0; i < array_len(bad); i++) {
        url u;
        if (url_parse(str_of(bad[i]), &u))
            fail_msg("accepted “%s”", bad[i]);
    }
}

static void test_encode(void **state)
{
    (void)state;
    ctx *c = fresh();
    same(url_encoded(c->a, S("a b/臺~&=+%")), "a%20b%2F%E8%87%BA~%26%3D%2B%25");
    buf b = buf_in(c->a);
    url_encode_path(&b, S("/a b/臺"));
    same(buf_str(&b), "/a%20b/%E8%87%BA");
}

static void test_decode(void **state)
{
    (void)state;
    ctx *c = fresh();
    str s;
    assert_true(url_decode(c->a, S("a%20b+%e8%87%ba"), false, &s));
    same(s, "a b+臺");
    assert_true(url_decode(c->a, S("a+b%2B"), true, &s));
    same(s, "a b+");
    assert_true(url_decode(c->a, S(""), true, &s));
    assert_int_equal(s.n, 0);
    static const char *const bad[] = { "%", "%4", "a%4", "%zz", "%00", "x%0", "%%41" };
    for (size_t i = 0; i < array_len(bad); i++)
        assert_false(url_decode(c->a, str_of(bad[i]), false, &s));
    assert_false(url_decode(c->a, (str){ "a\0b", 3 }, false, &s));
}

static void test_every_text_comes_back(void **state)
{
    (void)state;
    ctx *c = fresh();
    char all[255];
    for (int i = 0; i < 255; i++)
        all[i] = (char)(i + 1);
    str s = { all, sizeof all }, back;
    assert_true(url_decode(c->a, url_encoded(c->a, s), true, &back));
    assert_true(str_eq(s, back));
}

static void test_query(void **state)
{
    (void)state;
    ctx *c = fresh();
    url_pairs p = { 0 };
    assert_true(url_query(c, S("q=%E5%85%AC%E8%BB%8A+x&&fq=a=b&empty=&bare&q=2"), 10, &p));
    assert_int_equal(p.n, 5);
    same(url_arg(&p, "q"), "公車 x");
    same(url_arg(&p, "fq"), "a=b");
    same(url_arg(&p, "bare"), "");
    same(url_arg(&p, "none"), "");
    same(p.v[4].value, "2");
    p = (url_pairs){ 0 };
    assert_true(url_query(c, S(""), 10, &p));
    assert_int_equal(p.n, 0);
}

static void test_query_refuses(void **state)
{
    (void)state;
    static const struct { const char *q; err_code code; } bad[] = {
        { "a=%", ERR_INVALID }, { "%00=1", ERR_INVALID }, { "a=%ff", ERR_INVALID },
        { "a=%ed%a0%80", ERR_INVALID }, { "a&b&c&d", ERR_TOO_LARGE },
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        ctx *c = fresh();
        url_pairs p = { 0 };
        assert_false(url_query(c, str_of(bad[i].q), 3, &p));
        assert_int_equal(c->err.code, bad[i].code);
    }
}

static void test_safe(void **state)
{
    (void)state;
    ctx *c = fresh();
    same(url_safe(c->a, S("http://h/資 x?a=%41&b=%zz\"<>")),
         "http://h/%E8%B3%87%20x?a=%41&b=%25zz%22%3C%3E");
    same(url_safe(c->a, S("/x\r\nSet-Cookie: a")), "/x%0D%0ASet-Cookie:%20a");
    assert_true(str_eq(url_safe(c->a, (str){ "a\0b", 3 }), S("a%00b")));
}

static void test_log_form_hides_keys(void **state)
{
    (void)state;
    ctx *c = fresh();
    same(url_for_log(c->a, S("https://u:secret@h:81/p?token=k#f")), "https://h:81/p");
    same(url_for_log(c->a, S("https://h/p?token=k")), "https://h/p");
    same(url_for_log(c->a, S("/p?token=k")), "/p");
    same(url_for_log(c->a, S("not an address#k")), "not an address");
}

static void test_web(void **state)
{
    (void)state;
    assert_true(url_is_web(S("HTTP://h")));
    assert_true(url_is_web(S("https://h/x")));
    assert_false(url_is_web(S("ftp://h/x")));
    assert_false(url_is_web(S("javascript://h/%0aalert(1)")));
    assert_false(url_is_web(S("/x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse), cmocka_unit_test(test_parse_refuses), cmocka_unit_test(test_encode),
        cmocka_unit_test(test_decode), cmocka_unit_test(test_every_text_comes_back),
        cmocka_unit_test(test_query), cmocka_unit_test(test_query_refuses), cmocka_unit_test(test_safe),
        cmocka_unit_test(test_log_form_hides_keys), cmocka_unit_test(test_web),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
