/* Tests of utf8: every code point, every malformed pair, cutting, widths. */
#include "base.h"

#include <setjmp.h>
#include <cmocka.h>

static void every_code_point_round_trips(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        char p[4];
        size_t n = utf8_encode(c, p), i = 0;
        uint32_t back = utf8_next((str){ p, n }, &i);
        bool surrogate = c >= 0xd800 && c <= 0xdfff;
        if (back != (surrogate ? 0xfffd : c) || i != n || !utf8_valid((str){ p, n }, NULL))
            fail_msg("U+%04X reads back as U+%04X", c, back);
    }
    char p[4];
    assert_int_equal(utf8_encode(0x110000, p), 3);
    assert_memory_equal(p, "\xef\xbf\xbd", 3);
}

static void refuses_what_is_malformed(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe4\xb8",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xf0\x9f\x98", "\xff", "\xfe", "\xc3\x28", "\xe2\x28\xa1", "\xf8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        size_t at = 99;
        if (utf8_valid(str_of(bad[i]), &at) || at != 0)
            fail_msg("row %zu was taken for UTF-8", i);
    }
    size_t at = 0;
    assert_false(utf8_valid(S("0123456789臺\xff"), &at));
    assert_int_equal(at, 13);
    assert_true(utf8_valid((str){ 0 }, NULL));
}

static void never_reads_past_the_end(void **state)
{
    (void)state;
    arena *a = arena_new(1024);
    /* Every text of up to 3 bytes from the interesting ones; the sanitizer watches the ends. */
    static const unsigned char byte[] = { 0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xff };
    for (size_t n = 1; n <= 3; n++) {
        for (size_t k = 0; k < 13 * 13 * 13; k++) {
            arena_mark m = arena_here(a);
            char *p = arena_get(a, n);
            for (size_t i = 0, d = k; i < n; i++, d /= 13)
                p[i] = (char)byte[d % 13];
            size_t i = 0, steps = 0;
            while (i < n) {
                (void)utf8_next((str){ p, n }, &i);
                steps++;
            }
            assert_true(i == n && steps <= n);
            arena_back(a, m);
        }
    }
    arena_free(a);
}

static void cuts_at_characters(void **state)
{
    (void)state;
    str s = S("a臺é𠀋z");
    assert_int_equal(utf8_count(s), 5);
    for (size_t max = 0; max <= s.n + 2; max++) {
        str c = utf8_cut(s, max);
        assert_true(c.n <= max && c.n <= s.n && utf8_valid(c, NULL));
        assert_true(max >= s.n ? c.n == s.n : max - c.n < 4);
    }
    assert_true(str_eq(utf8_cut_chars(s, 2), S("a臺")));
    assert_true(str_eq(utf8_cut_chars(s, 99), s));
    assert_true(str_empty(utf8_cut_chars(s, 0)));
}

static void repairs_what_is_malformed(void **state)
{
    (void)state;
    arena *a = arena_new(1024);
    str fine = S("公車 bus");
    assert_ptr_equal(utf8_repair(a, fine).p, fine.p);
    assert_true(str_eq(utf8_repair(a, S("公\xff車\xe5\x85")), S("公\xef\xbf\xbd車\xef\xbf\xbd\xef\xbf\xbd")));
    assert_true(str_empty(utf8_repair(a, S(""))));
    arena_free(a);
}

static void knows_what_is_chinese(void **state)
{
    (void)state;
    assert_true(utf8_is_han(0x4e00) && utf8_is_han(0x81fa) && utf8_is_han(0x2000b) && utf8_is_han(0x3007));
    assert_false(utf8_is_han('a') || utf8_is_han(0x3042) || utf8_is_han(0xff21));
    assert_true(utf8_is_cjk(0x3042) && utf8_is_cjk(0xac00) && utf8_is_cjk(0x3105) && !utf8_is_cjk(0xe9));
    assert_int_equal(utf8_width(S("ab臺北ＡＢ")), 2 + 4 + 4);
    assert_int_equal(utf8_width(S("、\xff")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_round_trips), cmocka_unit_test(refuses_what_is_malformed),
        cmocka_unit_test(never_reads_past_the_end), cmocka_unit_test(cuts_at_characters),
        cmocka_unit_test(repairs_what_is_malformed),
        cmocka_unit_test(knows_what_is_chinese),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
