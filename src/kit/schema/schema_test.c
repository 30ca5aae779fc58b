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
}

static void what_is_no_schema_is_refused_with_the_field(void **state)
{
    ctx *c = ctx_of(state);
    static const struct { const char *text, *says; } bad[] = {
        { "{", "" }, { "[]", "no schema" }, { "{\"fields\":[]}", "no fields" }, { "{\"fields\":[{}]}", "field 1 has no" }, { "{\"fields\":[\"a\",\"\"]}", "field 2 has no" },
        { "{\"fields\":[{\"name\":\"a\",\"type\":\"money\"}]}", "“money” is no type" },
        { "{\"fields\":[{\"name\":\"a\",\"kind\":\"money\"}]}", "no kind “money”" },
        { "{\"fields\":[{\"name\":\"a\",\"constraints\":{\"pattern\":\"(\"}}]}", "pattern" },
        { "{\"fields\":[{\"name\":\"a\",\"constraints\":{\"minLength\":-1}}]}", "whole number" },
        { "{\"fields\":[{\"name\":\"a\",\"type\":\"number\",\"decimalChar\":\"comma\"}]}", "one character" },
        { "{\"fields\":[{\"name\":\"a\",\"type\":\"date\",\"format\":\"%q\"}]}", "“%q” is not understood" },
        { "{\"fields\":[{\"name\":\"a\",\"constraints\":[]}]}", "is an object" },
        { "{\"fields\":[{\"name\":\"a\"},{\"name\":\"a\"}]}", "two fields" },
        { "{\"fields\":[{\"name\":\"a\"}],\"primaryKey\":[\"b\"]}", "no such field" },
        { "{\"tableSchema\":{\"columns\":[{\"titles\":\"a\"},{\"titles\":\"a\"}]}}", "two fields" },
        { "{\"fields\":[{\"name\":\"a\"}],\"foreignKeys\":{\"fields\":\"b\",\"reference\":{\"resource\":\"x\",\"fields\":\"c\"}}}", "no such field" },
        { "{\"fields\":[{\"name\":\"a\"}],\"foreignKeys\":[{\"fields\":\"a\",\"reference\":{\"fields\":\"c\"}}]}", "no such field" },
        { "{\"fields\":[{\"name\":\"a\"}],\"foreignKeys\":[{\"fields\":\"a\",\"reference\":{\"resource\":\"x\",\"fields\":[\"b\",\"c\"]}}]}", "cannot refer to 2" },
        { "{\"fields\":[{\"name\":\"a\"}],\"foreignKeys\":[{\"fields\":\"a\"}]}", "has a “reference”" },
        { "{\"fields\":[{\"name\":\"a\"}],\"foreignKeys\":\"a\"}", "a list of objects" },
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

/* The canonical form is a fixed point: nothing that was understood or kept is lost on the way. */
static void nothing_is_lost(void **state)
{
    ctx *c = ctx_of(state);
    schema s, again;
    assert_ok(c, schema_read(c, S("{\"fields\":[{\"name\":\"a\",\"title\":\"甲\",\"titles\":[\"A1\"],\"type\":\"number\",\"decimalChar\":\",\",\"groupChar\":\".\",\"rdfType\":\"http://x/\","
        "\"example\":\"1,5\",\"missingValues\":[\"x\"],\"constraints\":{\"minimum\":-0.5,\"maximum\":1e3}},{\"name\":\"b\",\"type\":\"boolean\",\"trueValues\":[\"V\"],\"falseValues\":[\"-\"]},"
        "{\"name\":\"c\",\"type\":\"date\",\"format\":\"%d.%m.%Y\"},{\"name\":\"d\",\"constraints\":{\"pattern\":\"[a-z]+\"}}],\"missingValues\":[\"\",\"-9\"],"
        "\"foreignKeys\":[{\"fields\":\"a\",\"reference\":{\"resource\":\"\",\"fields\":\"d\"}}],\"x\":{\"y\":[1,null]}}"), &s));
    str one = schema_write(c, &s);
    assert_ok(c, schema_read(c, one, &again));
    assert_str(schema_write(c, &again), one);
    static const char *const kept[] = { "foreignKeys", "\"x\":{\"y\":[1,null]}", "example", "rdfType", "\"decimalChar\":\",\"", "\"trueValues\":[\"V\"]",
                                        "%d.%m.%Y", "[a-z]+", "\"minimum\":-0.5", "\"missingValues\":[\"\",\"-9\"]", "\"titles\":[\"A1\"]" };
    for (size_t i = 0; i < array_len(kept); i++)
        if (!str_has(one, str_of(kept[i])))
            fail_msg("%s is lost: %.*s", kept[i], S_ARG(one));
    assert_false(again.table.fields[3].has_type);
}

static void spellings_become_ours(void **state)
{
    ctx *c = ctx_of(state);
    schema s;
    char room[FIELD_TEXT_ROOM];
    assert_ok(c, schema_read(c, S("{\"fields\":[{\"name\":\"n\",\"type\":\"number\",\"decimalChar\":\",\",\"groupChar\":\".\"},{\"name\":\"d\",\"type\":\"date\",\"format\":\"%d/%m/%y\"},"
        "{\"name\":\"b\",\"type\":\"boolean\",\"trueValues\":[\"V\"]},{\"name\":\"p\",\"type\":\"integer\",\"bareNumber\":false}]}"), &s));
    static const struct { size_t field; const char *value, *ours; } cases[] = {
        { 0, "1.234,5", "1234.5" }, { 0, "7", "7" }, { 0, "1,2,3", "1.2.3" }, { 1, "24/12/23", "2023-12-24" }, { 1, "2023-12-24", NULL }, { 1, "1/2/70", "1970-02-01" },
        { 2, "V", "1" }, { 2, "N", NULL }, { 3, "NT$1,200元", "1200" }, { 3, "95%", "95" }, { 3, "-3 ℃", "-3" },
    };
    for (size_t i = 0; i < array_len(cases); i++) {
        const table_field *f = &s.table.fields[cases[i].field];
        str ours = field_text(&f->spelling, f->type, str_of(cases[i].value), room);
        if (cases[i].ours == NULL ? ours.p != NULL : !str_eq(ours, str_of(cases[i].ours)))
            fail_msg("%s became %.*s", cases[i].value, S_ARG(ours));
    }
}

static void titles_are_alike(void **state)
{
    (void)state;
    assert_true(table_title_alike(S("車位移轉總面積(平方公尺)"), S("車位移轉總面積平方公尺")));
    assert_true(table_title_alike(S("PM2.5_AVG"), S("pm2.5 avg")));
    assert_true(table_title_alike(S("臺北市　ＡＱＩ"), S("台北市aqi")));
    assert_false(table_title_alike(S("上價"), S("下價")));
    assert_false(table_title_alike(S("-"), S("_")));
}

static void references_of_both_languages(void **state)
{
    ctx *c = ctx_of(state);
    schema s, again;
    assert_ok(c, schema_read(c, S("{\"@context\":\"http://www.w3.org/ns/csvw\",\"url\":\"a.csv\",\"tableSchema\":{\"columns\":[{\"name\":\"x\"},{\"name\":\"y\"}],"
        "\"foreignKeys\":[{\"columnReference\":[\"x\",\"y\"],\"reference\":{\"resource\":\"b.csv\",\"columnReference\":[\"p\",\"q\"]}},"
        "{\"columnReference\":\"y\",\"reference\":{\"resource\":\"a.csv\",\"columnReference\":\"x\"}}]}}"), &s));
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(s.table.references.n, 2);
        const table_reference *r = s.table.references.v;
        assert_str(r[0].table, S("b.csv"));
        assert_str(r[0].fields.v[1], S("y"));
        assert_str(r[0].to.v[1], S("q"));
        assert_str(r[1].table, S(""));
        assert_str(r[1].to.v[0], S("x"));
        assert_ok(c, schema_read(c, schema_write(c, &s), &again));
        s = again;
    }
    assert_true(table_is_called(S("data/b.csv"), S("b")) && table_is_called(S("測站 清單"), S("測站清單")) && table_is_called(S("b"), S("https://x.tw/b.csv")));
    assert_false(table_is_called(S("b.csv"), S("bb")));
    assert_false(table_is_called(S(""), S("b")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(table_schema_is_read), T(csvw_is_read), T(what_is_no_schema_is_refused_with_the_field), T(a_pattern_takes_bounded_steps),
        T(what_is_written_is_read_again), T(nothing_is_lost), T(spellings_become_ours), T(titles_are_alike), T(references_of_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
