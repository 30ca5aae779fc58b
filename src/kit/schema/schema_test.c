/* Schemas of both languages: what is read, what is refused and how, what comes back. */
#include "support/support.h"

#include "kit/schema/schema.h"

static ctx *ctx_of(void **state)
{
    return &((test_site *)*state)->c;
}

static void table_schema_is_read(void **state)
{
    ctx *c = ctx_of(state);
    schema s;
    assert_ok(c, schema_read(c, S("{\"title\":\"測站\",\"missingValues\":[\"\",\"-99\"],\"primaryKey\":\"id\",\"fields\":["
        "{\"name\":\"id\",\"title\":\"編號\",\"type\":\"string\",\"constraints\":{\"required\":true,\"pattern\":\"\\\\d{3}\",\"maxLength\":3}},"
        "{\"name\":\"pm\",\"type\":\"number\",\"constraints\":{\"minimum\":0,\"maximum\":\"500\"}},"
        "{\"name\":\"area\",\"type\":\"string\",\"kind\":\"county\"},{\"name\":\"mail\",\"type\":\"string\",\"format\":\"email\"},"
        "{\"name\":\"level\",\"type\":\"any\",\"constraints\":{\"enum\":[\"a\",1]}}]}"), &s));
    assert_int_equal(s.table.n, 5);
    assert_true(s.table.own_marks);
    assert_str(s.table.missing.v[0], S("-99"));
    assert_str(s.key.v[0], S("id"));
    assert_true(s.table.fields[0].required && s.table.fields[0].max_length == 3);
    assert_true(pattern_fits(s.table.fields[0].pattern, S("012")));
    assert_false(pattern_fits(s.table.fields[0].pattern, S("0123")));
    assert_int_equal(s.table.fields[1].type, COLUMN_decimal);
    assert_str(s.table.fields[1].max, S("500"));
    assert_int_equal(s.table.fields[2].type, COLUMN_county);
    assert_int_equal(s.table.fields[3].type, COLUMN_email);
    assert_false(s.table.fields[4].has_type);
    assert_str(s.table.fields[4].allowed.v[1], S("1"));
    schema_free(&s);
}

static void csvw_is_read(void **state)
{
    ctx *c = ctx_of(state);
    schema s;
    assert_ok(c, schema_read(c, S("{\"@context\":\"http://www.w3.org/ns/csvw\",\"url\":\"a.csv\",\"tableSchema\":{\"primaryKey\":\"id\",\"null\":\"-\",\"columns\":["
        "{\"name\":\"id\",\"titles\":[\"編號\",\"ID\"],\"datatype\":\"positiveInteger\",\"required\":true},"
        "{\"titles\":{\"en\":\"Day\",\"zh-Hant\":\"日期\"},\"datatype\":{\"base\":\"date\",\"format\":\"yyyy-MM-dd\",\"minimum\":\"2020-01-01\"}},"
        "{\"name\":\"v\",\"virtual\":true}]}}"), &s));
    assert_int_equal(s.table.n, 2);
    assert_int_equal(s.table.fields[0].type, COLUMN_integer);
    assert_str(s.table.fields[0].min, S("1"));
    assert_str(s.table.fields[0].title, S("編號"));
    assert_str(s.table.fields[0].missing.v[0], S("-"));
    assert_str(s.table.fields[1].title, S("日期"));
    assert_int_equal(s.table.fields[1].type, COLUMN_date);
    assert_true(s.table.fields[1].has_min);
    schema_free(&s);
}

static void what_is_no_schema_is_refused_with_the_field(void **state)
{
    ctx *c = ctx_of(state);
    static const struct { const char *text, *says; } bad[] = {
        { "{", "" }, { "[]", "no schema" }, { "{\"fields\":[]}", "no fields" }, { "{\"fields\":[{}]}", "field 1 has no" },
        { "{\"fields\":[{\"name\":\"a\",\"type\":\"money\"}]}", "“money” is no type" },
        { "{\"fields\":[{\"name\":\"a\",\"kind\":\"money\"}]}", "no kind “money”" },
        { "{\"fields\":[{\"name\":\"a\",\"constraints\":{\"pattern\":\"(\"}}]}", "pattern" },
        { "{\"fields\":[{\"name\":\"a\",\"constraints\":{\"minLength\":-1}}]}", "whole number" },
        { "{\"fields\":[{\"name\":\"a\",\"decimalChar\":\",\"}]}", "point" },
        { "{\"fields\":[{\"name\":\"a\"},{\"name\":\"a\"}]}", "two fields" },
        { "{\"fields\":[{\"name\":\"a\"}],\"primaryKey\":[\"b\"]}", "no such field" },
        { "{\"tableSchema\":{}}", "columns" }, { "{\"tables\":[{\"tableSchema\":\"http://x/\"}]}", "" },
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        schema s;
        assert_false(schema_read(c, str_of(bad[i].text), &s));
        if (c->err.code != ERR_INVALID || !str_has(c->err.message, str_of(bad[i].says)))
            fail_msg("%s: %.*s", bad[i].text, S_ARG(c->err.message));
        err_clear(c);
    }
}

static void a_pattern_takes_bounded_steps(void **state)
{
    ctx *c = ctx_of(state);
    pattern *p;
    assert_ok(c, pattern_new(c, S("(a+)+b"), &p));
    buf b = buf_in(c->a);
    for (int i = 0; i < 5000; i++)
        buf_byte(&b, 'a');
    assert_false(pattern_fits(p, buf_str(&b)));
    assert_true(pattern_fits(p, S("aab")));
    pattern_free(p);
}

static void what_is_written_is_read_again(void **state)
{
    ctx *c = ctx_of(state);
    schema s, again;
    assert_ok(c, schema_read(c, S("{\"fields\":[{\"name\":\"id\",\"title\":\"編號\",\"kind\":\"code\",\"constraints\":{\"required\":true,\"unique\":true,\"minLength\":2}},"
        "{\"name\":\"n\",\"type\":\"integer\",\"description\":\"說明\",\"constraints\":{\"minimum\":1,\"enum\":[\"1\",\"2\"]}}],\"primaryKey\":[\"id\"]}"), &s));
    assert_ok(c, schema_read(c, schema_write(c, &s), &again));
    assert_int_equal(again.table.n, 2);
    assert_int_equal(again.table.fields[0].type, COLUMN_code);
    assert_true(again.table.fields[0].required && again.table.fields[0].unique && again.table.fields[0].min_length == 2);
    assert_str(again.more[1].description, S("說明"));
    assert_str(again.table.fields[1].allowed.v[1], S("2"));
    assert_str(again.key.v[0], S("id"));
    assert_ok(c, schema_read(c, schema_write_csvw(c, &s, S("a.csv")), &again));
    assert_str(again.table.fields[1].name, S("n"));
    assert_int_equal(again.table.fields[1].type, COLUMN_integer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(table_schema_is_read), T(csvw_is_read), T(what_is_no_schema_is_refused_with_the_field), T(a_pattern_takes_bounded_steps),
        T(what_is_written_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
