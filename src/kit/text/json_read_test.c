/* Tests of json_read and json_dump: types, limits, messages, and the canonical form. */
#include "support/support.h"

#include "kit/text/json_read.h"

static ctx *const c = &test_bare;

static str dumped(str text, bool sorted)
{
    json v;
    buf b = buf_in(c->a);
    assert_ok(c, json_parse(c, text, &v));
    json_dump(&b, &v, sorted);
    return buf_str(&b);
}

static void values_and_their_texts(void **state)
{
    (void)state;
    json v;
    assert_ok(c, json_parse(c, S("\xef\xbb\xbf{\"s\":\"公\\u8eca\\u0000\",\"i\":-9223372036854775808,\"r\":0.1,"
                                   "\"t\":true,\"n\":null,\"a\":[1],\"s2\":\"x\",\"s2\":\"y\"}"), &v));
    assert_str(json_get_text(c, &v, "s"), S("公車\0"));
    assert_true(json_get(&v, "i")->i == INT64_MIN);
    assert_str(json_get_text(c, &v, "i"), S("-9223372036854775808"));
    assert_str(json_get_text(c, &v, "r"), S("0.1"));
    assert_str(json_get_text(c, &v, "t"), S("true"));
    assert_str(json_get_text(c, &v, "n"), S(""));
    assert_str(json_get_text(c, &v, "a"), S(""));
    assert_str(json_get_text(c, &v, "s2"), S("y"));
    assert_str(json_get_text(c, &v, "none"), S(""));
    assert_true(json_get_bool(&v, "t", false) && json_get_bool(&v, "none", true) && !json_get_bool(&v, "i", false));
    assert_null(json_get(json_get(&v, "a"), "x"));
}

static void refused_with_line_and_column(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "{", "[1,]", "{\"a\":1}x", "\"\\ud800\"", "\"a\nb\"", "01", "nul", "{'a':1}",
                                       "123456789012345678901", "1e999", "\"\xff\"" };
    json v;
    for (size_t i = 0; i < array_len(bad); i++) {
        err_clear(c);
        assert_false(json_parse(c, str_of(bad[i]), &v));
        assert_int_equal(c->err.code, ERR_INVALID);
        assert_true(str_has(c->err.message, S("line ")) && str_has(c->err.message, S("column ")));
        assert_true(utf8_valid(c->err.message, NULL));
    }
}

static void nesting_is_limited(void **state)
{
    (void)state;
    json v;
    buf b = buf_in(c->a);
    for (int i = 0; i < 100; i++)
        buf_byte(&b, '[');
    buf_add(&b, S("1"));
    for (int i = 0; i < 100; i++)
        buf_byte(&b, ']');
    assert_ok(c, json_parse(c, buf_str(&b), &v));
    str deeper = str_fmt(c->a, "[%.*s]", S_ARG(buf_str(&b)));
    assert_false(json_parse(c, deeper, &v));
    assert_true(str_has(c->err.message, S("nested")));
}

static void the_canonical_form_is_a_fixed_point(void **state)
{
    (void)state;
    str text = S("{\"b\":[1,2.50,-0.0,1e2],\"a\":{\"z\":\"\\u0001\\/\",\"中\":null},\"\":true}");
    assert_str(dumped(text, false), S("{\"b\":[1,2.5,0,100],\"a\":{\"z\":\"\\u0001/\",\"中\":null},\"\":true}"));
    str canonical = dumped(text, true);
    assert_str(canonical, S("{\"\":true,\"a\":{\"z\":\"\\u0001/\",\"中\":null},\"b\":[1,2.5,0,100]}"));
    assert_str(dumped(canonical, true), canonical);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_and_their_texts, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(refused_with_line_and_column, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(nesting_is_limited, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(the_canonical_form_is_a_fixed_point, test_bare_setup, test_bare_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
