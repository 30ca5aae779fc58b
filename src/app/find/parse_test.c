/* What people type, and what is understood: one line each. */
#include "app/find/inside.h"

#include <setjmp.h>
#undef fail
#include <cmocka.h>

static void show(buf *b, const search_node *n)
{
    static const char *const names[] = { "all", "none", "and", "or", "not", "text", "phrase", "prefix", "value", "wild", "any", "range", "ids" };
    buf_fmt(b, "%s", names[n->op]);
    if (n->op == Q_TEXT || n->op == Q_PHRASE || n->op == Q_PREFIX)
        buf_fmt(b, "%s%.*s“%.*s”", n->fields != 0 ? "@" : "", n->fields != 0 ? 1 : 0, n->fields == 1 ? "t" : n->fields == 4 ? "o" : "?",
                S_ARG(n->text));
    else if (n->op == Q_VALUE || n->op == Q_VALUE_WILD || n->op == Q_VALUE_ANY)
        buf_fmt(b, " %s=%.*s", find_value_name((find_value)n->field), S_ARG(n->text));
    else if (n->op == Q_RANGE) {
        arena *a = b->a;
        str lo = n->lo == INT64_MIN ? S("") : n->field <= FIND_MODIFIED ? day_iso_date(a, n->lo) : str_fmt(a, "%" PRId64, n->lo);
        str hi = n->hi == INT64_MAX ? S("") : n->field <= FIND_MODIFIED ? day_iso_date(a, n->hi) : str_fmt(a, "%" PRId64, n->hi);
        buf_fmt(b, " %d %.*s..%.*s", n->field, S_ARG(lo), S_ARG(hi));
    }
    for (size_t i = 0; i < n->kid_count; i++) {
        buf_byte(b, i == 0 ? '(' : ' ');
        show(b, n->kids[i]);
    }
    if (n->kid_count > 0)
        buf_byte(b, ')');
}

static const struct { const char *typed, *read; } lines[] = {
    { "", "-" },
    { "  \xe3\x80\x80 ", "-" },
    { "公車", "text“公車”" },
    { "公車 站牌", "text“公車 站牌”" },
    { "公車\xe3\x80\x80站牌", "text“公車 站牌”" },
    { "\"air quality\" taipei", "and(phrase“air quality” text“taipei”)" },
    { "「空氣 品質」", "phrase“空氣 品質”" },
    { "臺北「公車」", "and(phrase“公車” text“臺北”)" },
    { "預算 -決算", "and(not(text“決算”) text“預算”)" },
    { "預算 －決算", "and(not(text“決算”) text“預算”)" },
    { "-「公車 站」", "not(phrase“公車 站”)" },
    { "預算 NOT 決算", "and(not(text“決算”) text“預算”)" },
    { "covid-19 a - b", "text“covid-19 a - b”" },
    { "公車 OR 捷運", "or(text“公車” text“捷運”)" },
    { "公車 | 捷運 | 臺鐵 時刻", "and(or(text“公車” text“捷運” text“臺鐵”) text“時刻”)" },
    { "OR 公車 OR", "text“OR 公車 OR”" },
    { "you*", "prefix“you”" },
    { "*", "all" },
    { "format:csv", "value format=CSV" },
    { "format：csv", "value format=CSV" },
    { "res_format:JSON", "value format=JSON" },
    { "格式:csv 公車", "and(value format=CSV text“公車”)" },
    { "-format:pdf", "not(value format=PDF)" },
    { "format:*", "any format=*" },
    { "tag:公*", "wild tag=公*" },
    { "star:3", "value star=3" },
    { "星等:★★★", "value star=3" },
    { "theme:交通運輸", "value theme=transport" },
    { "theme:transport", "value theme=transport" },
    { "cost:免費", "value cost=free" },
    { "type:rawdata", "value type=rawData" },
    { "tag:\"two words\"", "value tag=two words" },
    { "organization:交通部", "text@o“交通部”" },       /* no site here: by name */
    { "title:公車", "text@t“公車”" },
    { "title:\"bus stop\"", "phrase@t“bus stop”" },
    { "updated:2020..2024", "range 0 2020-01-01..2024-12-31" },
    { "date:2020..", "range 0 2020-01-01.." },
    { "date:..2024-02", "range 0 ..2024-02-29" },
    { "issued:>=2023-01-01", "range 1 2023-01-01.." },
    { "issued:>2023", "range 1 2024-01-01.." },
    { "issued:<2023", "range 1 ..2022-12-31" },
    { "issued:<=2023", "range 1 ..2023-12-31" },
    { "更新:民國113年", "range 0 2024-01-01..2024-12-31" },
    { "更新:113年5月", "range 0 2024-05-01..2024-05-31" },
    { "更新:113/5/1", "range 0 2024-05-01..2024-05-01" },
    { "num_resources:>=3", "range 5 3.." },
    { "updated:yesterday", "text“updated:yesterday”" },
    { "http://example.tw/a", "text“http://example.tw/a”" },
    { "nofield:x", "text“nofield:x”" },
    { "format:", "text“format:”" },
    { ":csv", "text“:csv”" },
    { "\"not closed", "text“\"not closed”" },
    { "「沒有關", "text“「沒有關”" },
    { "\"\"", "phrase“”" },
    { "a\"b\"", "and(phrase“b” text“a”)" },
    { "-", "text“-”" },
    { "--x", "not(text“-x”)" },
};

static void reads_what_is_typed(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_len(lines); i++) {
        ctx c = { .a = arena_new(4096) };
        search_node *n = find_parse(&c, str_of(lines[i].typed));
        buf b = buf_in(c.a);
        if (n == NULL)
            buf_byte(&b, '-');
        else
            show(&b, n);
        if (!str_eq(buf_str(&b), str_of(lines[i].read)))
            fail_msg("“%s” is read as %.*s, not %s", lines[i].typed, S_ARG(buf_str(&b)), lines[i].read);
        arena_free(c.a);
    }
}

static void reads_anything(void **state)
{
    (void)state;
    static const char *const bits[] = { "\"", "「", "」", "-", ":", "..", ">", "format", "updated", "2020", " ", "OR", "*", "\xff", "\xe3\x80", "甲", "NOT ", "★" };
    uint64_t seed = 5;
    for (int round = 0; round < 20000; round++) {
        ctx c = { .a = arena_new(4096) };
        buf b = buf_in(c.a);
        for (int k = 0; k < 12; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            buf_add(&b, str_of(bits[(seed >> 33) % array_len(bits)]));
        }
        search_node *n = find_parse(&c, buf_str(&b));
        buf out = buf_in(c.a);
        if (n != NULL)
            show(&out, n);
        assert_true(str_empty(c.err.message));
        arena_free(c.a);
    }
}

static void cuts_what_is_too_long(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    buf b = buf_in(c.a);
    for (int i = 0; i < 5000; i++)
        buf_add(&b, S("公 -x "));
    search_node *n = find_parse(&c, buf_str(&b));
    assert_non_null(n);
    assert_true(n->kid_count <= 65);
    arena_free(c.a);
}

static void names_fields(void **state)
{
    (void)state;
    find_value v;
    for (int i = 0; i < FIND_VALUES; i++) {
        assert_true(find_value_of(str_of(find_value_name((find_value)i)), &v));
        assert_int_equal(v, i);
    }
    assert_true(find_value_of(S("license_id"), &v) && v == FIND_LICENCE);
    assert_true(find_value_of(S("groups"), &v) && v == FIND_THEME);
    assert_false(find_value_of(S("sight"), &v));
}

static void reads_periods(void **state)
{
    (void)state;
    static const struct { const char *text, *first, *last; } cases[] = {
        { "2024", "2024-01-01", "2024-12-31" },      { "2024-02", "2024-02-01", "2024-02-29" },
        { "2024/12", "2024-12-01", "2024-12-31" },   { "2024-05-07", "2024-05-07", "2024-05-07" },
        { "20240507", "2024-05-07", "2024-05-07" },  { "民國104年7月24日", "2015-07-24", "2015-07-24" },
        { "民國104", "2015-01-01", "2015-12-31" },   { "104年", "2015-01-01", "2015-12-31" },
        { "104", NULL, NULL }, { "2024-13", NULL, NULL }, { "2024-02-30", NULL, NULL }, { "", NULL, NULL }, { "abc", NULL, NULL },
        { "99999999999", NULL, NULL },
    };
    arena *a = arena_new(4096);
    for (size_t i = 0; i < array_len(cases); i++) {
        int64_t first, last;
        bool read = find_period(str_of(cases[i].text), &first, &last);
        if (read != (cases[i].first != NULL))
            fail_msg("period “%s”", cases[i].text);
        if (read) {
            assert_true(str_eq(day_iso_date(a, first), str_of(cases[i].first)));
            assert_true(str_eq(day_iso_date(a, last), str_of(cases[i].last)));
        }
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_typed), cmocka_unit_test(reads_anything), cmocka_unit_test(cuts_what_is_too_long),
        cmocka_unit_test(names_fields),        cmocka_unit_test(reads_periods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
