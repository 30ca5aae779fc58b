/* Tests of str: comparing, finding, cutting, copying, numbers. */
#include "base.h"

#include <setjmp.h>
#include <cmocka.h>

#define same(x, y) assert_true(str_eq((x), S(y)))

static arena *a;

static int setup(void **state)
{
    (void)state;
    a = arena_new(4096);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static void compares(void **state)
{
    (void)state;
    assert_true(str_eq((str){ 0 }, S("")));
    assert_false(str_eq(S("a"), S("b")));
    assert_false(str_eq(S("a"), S("ab")));
    assert_true(str_empty(str_of(NULL)) && str_empty(str_of("")));
    assert_true(str_cmp(S("a"), S("b")) < 0 && str_cmp(S("b"), S("a")) > 0);
    assert_true(str_cmp(S("a"), S("ab")) < 0 && str_cmp(S("ab"), S("a")) > 0);
    assert_int_equal(str_cmp(S("ab"), S("ab")), 0);
    assert_true(str_cmp(S("\x7f"), S("\x80")) < 0); /* bytes are unsigned */
    assert_int_equal(str_cmp((str){ 0 }, S("")), 0);
    assert_true(str_ieq(S("Content-TYPE"), S("content-type")));
    assert_false(str_ieq(S("@"), S("`"))); /* 0x20 apart, no letters */
    assert_false(str_ieq(S("ab"), S("abc")));
    assert_true(str_hash(S("a")) != str_hash(S("b")) && str_hash(S("")) == str_hash((str){ 0 }));
}

static void finds(void **state)
{
    (void)state;
    str s = S("臺北市政府/交通局");
    assert_true(str_starts(s, S("臺北")) && str_starts(s, S("")) && !str_starts(S("臺"), S("臺北")));
    assert_true(str_ends(s, S("交通局")) && str_ends(s, S("")) && !str_ends(S("局"), S("交通局")));
    assert_true(str_has(s, S("政府")) && str_has(s, S("")) && !str_has(s, S("環保")) && !str_has((str){ 0 }, S("x")));
    assert_int_equal(str_find(s, S("/")), 15);
    assert_int_equal(str_find(s, S("x")), s.n);
    assert_int_equal(str_find(S("aab"), S("ab")), 1);
    assert_int_equal(str_find_byte(S("a.b.c"), '.'), 1);
    assert_int_equal(str_rfind_byte(S("a.b.c"), '.'), 3);
    assert_int_equal(str_find_byte((str){ 0 }, 'x'), 0);
    assert_int_equal(str_rfind_byte(S("abc"), 'x'), 3);
    same(str_sub(S("abcdef"), 2, 4), "cd");
    same(str_sub(S("abc"), 2, 99), "c");
    same(str_sub(S("abc"), 3, 1), "");
    same(str_from(S("abc"), 9), "");
}

static void trims(void **state)
{
    (void)state;
    same(str_trim(S("  a b \t\r\n")), "a b");
    same(str_trim(S("　全形　空白　")), "全形　空白");
    same(str_trim(S(" 　 ")), "");
    same(str_trim((str){ 0 }), "");
    same(str_trim(S("\xe3\x80")), "\xe3\x80"); /* half of a character is no blank */
}

static void cuts(void **state)
{
    (void)state;
    str k, v;
    assert_true(str_cut(S("name: value: x"), S(": "), &k, &v));
    same(k, "name");
    same(v, "value: x");
    assert_false(str_cut(S("name"), S("="), &k, &v));
    same(k, "name");
    same(v, "");
    assert_true(str_cut(S("="), S("="), &k, &v));
    same(k, "");
    same(v, "");

    str rest = S("a,b,,c,"), part;
    const char *const want[] = { "a", "b", "", "c", "" };
    size_t n = 0;
    while (str_next(&rest, ',', &part)) {
        assert_true(n < array_len(want) && str_eq(part, str_of(want[n])));
        n++;
    }
    assert_int_equal(n, 5);
    rest = S("");
    assert_true(str_next(&rest, ',', &part) && part.n == 0);
    assert_false(str_next(&rest, ',', &part));
    rest = (str){ 0 };
    assert_false(str_next(&rest, ',', &part));
}

static void copies(void **state)
{
    (void)state;
    str d = str_dup(a, S("資料"));
    same(d, "資料");
    assert_int_equal(d.p[d.n], 0);
    assert_non_null(str_dup(a, (str){ 0 }).p);
    assert_string_equal(str_z(a, str_sub(S("abcdef"), 0, 3)), "abc");
    same(str_cat(a, S("ab"), S("cd")), "abcd");
    same(str_cat(a, (str){ 0 }, (str){ 0 }), "");
    same(str_lower(a, S("ÀBC臺Z")), "Àbc臺z"); /* ASCII only */
    same(str_replace(a, S("aXbXXc"), S("X"), S("--")), "a--b----c");
    same(str_replace(a, S("abc"), S(""), S("-")), "abc");
    same(str_replace(a, S("abcX"), S("X"), S("")), "abc");
    same(str_replace(a, S("aaa"), S("aa"), S("b")), "ba");
    str_list l = { 0 };
    same(str_join(a, &l, S(", ")), "");
    list_add(a, &l, S("x"));
    same(str_join(a, &l, S(", ")), "x");
    list_add(a, &l, S(""));
    list_add(a, &l, S("z"));
    same(str_join(a, &l, S(", ")), "x, , z");
    same(str_fmt(a, "%.*s|%d|%%", S_ARG(S("abc")), -5), "abc|-5|%");
    same(str_fmt(a, "[%.*s]", S_ARG((str){ 0 })), "[]");
}

static void reads_integers(void **state)
{
    (void)state;
    static const struct { const char *text; bool ok; int64_t v; } row[] = {
        { "0", true, 0 }, { "-0", true, 0 }, { "+7", true, 7 }, { "007", true, 7 },
        { "9223372036854775807", true, INT64_MAX }, { "-9223372036854775808", true, INT64_MIN },
        { "9223372036854775808", false, 0 }, { "-9223372036854775809", false, 0 },
        { "99999999999999999999999", false, 0 }, { "", false, 0 }, { "-", false, 0 }, { "+", false, 0 },
        { "+-1", false, 0 }, { " 1", false, 0 }, { "1 ", false, 0 }, { "1.0", false, 0 }, { "0x10", false, 0 },
        { "１", false, 0 },
    };
    for (size_t i = 0; i < array_len(row); i++) {
        int64_t v = 42;
        bool ok = str_to_i64(str_of(row[i].text), &v);
        if (ok != row[i].ok || v != (ok ? row[i].v : 42))
            fail_msg("“%s” read as %d, %" PRId64, row[i].text, ok, v);
    }
}

static void reads_reals(void **state)
{
    (void)state;
    double v = 0;
    assert_true(str_to_f64(S("25.04776"), &v) && v == 25.04776);
    assert_true(str_to_f64(S("-1e3"), &v) && v == -1000);
    assert_true(str_to_f64(S(".5"), &v) && v == 0.5);
    static const char *const bad[] = { "", "nan", "inf", "0x1p3", "1,5", "1 ", " 1", "1e", "e5", "--1", "1.2.3",
        "11111111111111111111111111111111111111111111111111111111111111111111" };
    for (size_t i = 0; i < array_len(bad); i++) {
        v = 42;
        if (str_to_f64(str_of(bad[i]), &v) || v != 42)
            fail_msg("“%s” was taken for a number", bad[i]);
    }
    assert_false(str_to_f64((str){ "1\0002", 3 }, &v)); /* a NUL is no digit */
    assert_false(str_to_f64(S("1e999"), &v));           /* out of range */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares), cmocka_unit_test(finds), cmocka_unit_test(trims), cmocka_unit_test(cuts),
        cmocka_unit_test(copies), cmocka_unit_test(reads_integers), cmocka_unit_test(reads_reals),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
