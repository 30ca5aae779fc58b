#include <setjmp.h>
#include <stdarg.h>

#include "kit/text/utf8_check.h"

#include <cmocka.h>

static uint64_t seed = 88172645463325252u;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % below;
}

static size_t some_text(char *to, size_t room)
{
    size_t n = 0;
    while (n + 4 <= room) {
        uint32_t kind = any(6), code = kind < 2 ? any(128) : kind < 3 ? any(0x800) : kind < 5 ? any(0x10000) : any(0x110000);
        n += utf8_encode(code, to + n);
    }
    return n;
}

static void both_paths_give_one_answer(void **state)
{
    (void)state;
    char text[400];
    size_t invalid = 0;
    for (int round = 0; round < 200000; round++) {
        size_t n = some_text(text, 64 + any(300));
        for (uint32_t spoil = any(3); spoil > 0; spoil--)
            text[any((uint32_t)n)] = (char)any(256);
        n -= any(4);
        size_t fast = 7777, plain = 7777;
        bool a = utf8_check((str){ text, n }, &fast), b = utf8_valid((str){ text, n }, &plain);
        assert_int_equal(a, b);
        assert_int_equal(fast, plain);
        invalid += !a;
    }
    assert_true(invalid > 50000);
}

static void every_pair_at_every_edge(void **state)
{
    (void)state;
    char text[96];
    for (uint32_t pair = 0; pair < 65536; pair++)
        for (size_t at = 30; at <= 32; at++) {
            memset(text, 'a', sizeof text);
            text[at] = (char)(pair >> 8);
            text[at + 1] = (char)(pair & 255);
            assert_int_equal(utf8_check((str){ text, sizeof text }, NULL), utf8_valid((str){ text, sizeof text }, NULL));
        }
}

static void a_cut_character_is_a_tail(void **state)
{
    (void)state;
    assert_int_equal(utf8_check_tail(S("ab")), 0);
    assert_int_equal(utf8_check_tail(S("a\xe8\x87")), 2);
    assert_int_equal(utf8_check_tail(S("a\xe8\x87\xba")), 0);
    assert_int_equal(utf8_check_tail(S("a\xf0\x9f\x98")), 3);
    assert_int_equal(utf8_check_tail(S("a\xc3")), 1);
    assert_int_equal(utf8_check_tail(S("\x80\x80\x80\x80")), 0);
    assert_int_equal(utf8_check_tail(S("a\xff")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_paths_give_one_answer),
        cmocka_unit_test(every_pair_at_every_edge),
        cmocka_unit_test(a_cut_character_is_a_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
