/* Tests of multipart: forms as browsers and libraries send them, and what is refused. */
#include "kit/http/http.h"

#include "support/support.h"

static ctx *const c = &test_bare;

static bool read_form(str type, str body, http_parts *out)
{
    url_pair h = { S("content-type"), type };
    http_req r = { .headers = { &h, 1, 1 }, .body = body };
    memset(out, 0xa5, sizeof *out); /* what the caller left there must not matter */
    err_clear(c);
    return http_multipart(c, &r, out);
}

#define TYPE S("multipart/form-data; boundary=B")

static void test_forms(void **state)
{
    (void)state;
    http_parts p;
    assert_true(read_form(S("Multipart/Form-Data; charset=utf-8; Boundary=\"a b'?\""),
                          S("preamble\r\n--a b'?\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n公車 站牌\r\n"
                            "--a b'?  \r\ncontent-type: text/csv\r\n"
                            "content-disposition: form-data; name=file; filename=\"a \\\"b\\\".csv\"\r\n\r\n"
                            "x,y\r\n1,2\r\n\r\n--a b'?--\r\nepilogue"), &p));
    assert_int_equal(p.n, 2);
    assert_true(str_eq(p.v[0].name, S("title")) && str_eq(p.v[0].value, S("公車 站牌")));
    assert_true(str_eq(p.v[1].name, S("file")) && str_eq(p.v[1].filename, S("a \"b\".csv")));
    assert_true(str_eq(p.v[1].type, S("text/csv")) && str_eq(p.v[1].value, S("x,y\r\n1,2\r\n")));
    assert_true(read_form(TYPE, S("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--B--"), &p));
    assert_int_equal(p.v[0].value.n, 0);
    assert_true(read_form(TYPE, S("--B--"), &p));
    assert_int_equal(p.n, 0);
    assert_true(read_form(TYPE, S("--B\r\nContent-Disposition: form-data; name=\"a;b\"; filename=\"x;name=y\"\r\n\r\nv\r\n--B--"), &p));
    assert_true(str_eq(p.v[0].name, S("a;b")) && str_eq(p.v[0].filename, S("x;name=y")));
}

static void test_refused(void **state)
{
    (void)state;
    static const struct { str type, body; } bad[] = {
        { S_INIT("application/json"), S_INIT("{}") },
        { S_INIT("multipart/form-data"), S_INIT("--B--") },
        { S_INIT("multipart/form-data; boundary="), S_INIT("----") },
        { S_INIT("multipart/form-data; boundary=\"B"), S_INIT("--B--") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("no boundary") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("--B\r\n") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("--BC--") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nnever ends") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--B") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("--B\r\nContent-Disposition: form-data\r\n\r\nv\r\n--B--") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("--B\r\n\r\nv\r\n--B--") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("--B\r\nno colon\r\n\r\nv\r\n--B--") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("--B\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nv\r\n--B--") },
        { S_INIT("multipart/form-data; boundary=B"), S_INIT("--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\nv\r\n--B--") },
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        http_parts p;
        if (read_form(bad[i].type, bad[i].body, &p))
            fail_msg("form %zu was accepted", i);
        assert_int_equal(c->err.code, ERR_INVALID);
    }
}

static void test_too_many_parts(void **state)
{
    (void)state;
    buf o = buf_in(c->a);
    for (int i = 0; i < 1001; i++)
        buf_fmt(&o, "%s--B\r\nContent-Disposition: form-data; name=a\r\n\r\nv", i > 0 ? "\r\n" : "");
    buf_add(&o, S("\r\n--B--"));
    http_parts p;
    assert_false(read_form(TYPE, buf_str(&o), &p));
    assert_int_equal(c->err.code, ERR_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms), cmocka_unit_test(test_refused), cmocka_unit_test(test_too_many_parts),
    };
    return cmocka_run_group_tests(tests, test_bare_setup, test_bare_teardown);
}
