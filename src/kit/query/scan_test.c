/* The fast loops against the plain ones, on random entries, needles and lengths. */
#include "base.h"

#include "kit/query/scan.h"

#include <setjmp.h>
#include <stdlib.h>
#undef fail
#include <cmocka.h>

static uint64_t seed = 20250101;
static uint64_t any(void) /* xorshift: the same run every time */
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void ranges_of_every_width(void **state)
{
    (void)state;
    arena *a = arena_new(1 << 16);
    for (int round = 0; round < 2000; round++) {
        arena_mark m = arena_here(a);
        unsigned width = 1u << any() % 4;
        size_t rows = any() % 700, words = SCAN_WORDS(rows);
        unsigned char *data = arena_get(a, rows * width + 64);
        bool few = any() % 2 != 0, add = any() % 3 == 0;
        for (size_t i = 0; i < rows * width; i++)
            data[i] = few ? (unsigned char)(i % width == 0 ? any() % 5 : 0) : (unsigned char)any();
        uint64_t lo = few ? any() % 6 : any() >> (any() % 64), span = few ? any() % 4 : any() >> (any() % 64);
        uint64_t *fast = arena_get(a, words * 8 + 8), *plain = arena_get(a, words * 8 + 8);
        for (size_t i = 0; i < words; i++)
            fast[i] = plain[i] = i + 1 == words && rows % 64 != 0 ? 0 : any();
        uint64_t most = width == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * width)) - 1;
        scan_range(data, width, rows, lo, span, add, fast);
        if (lo > most && !add)
            memset(plain, 0, words * 8);
        else if (lo <= most)
            scan_range_plain(data, width, rows, lo, width < 8 && span > most - lo ? most - lo : span, add, plain);
        assert_memory_equal(fast, plain, words * 8 + 8);
        uint64_t n = 0;
        for (size_t i = 0; i < rows; i++)
            n += scan_has(fast, i);
        assert_int_equal(scan_count(fast, words), n);
        arena_back(a, m);
    }
    arena_free(a);
}

/* Keys are signed; a range may begin below zero and end above. */
static void ranges_past_zero(void **state)
{
    (void)state;
    int64_t keys[70 + 8];
    uint64_t bits[2];
    for (int i = 0; i < 70; i++)
        keys[i] = (int64_t)(i - 35) * 1000;
    keys[0] = INT64_MIN;
    scan_range(keys, 8, 70, (uint64_t)(INT64_MIN + 1), 3000 - (uint64_t)(INT64_MIN + 1), false, bits);
    for (int i = 0; i < 70; i++)
        assert_int_equal(scan_has(bits, (uint64_t)i), i > 0 && keys[i] <= 3000);
}

static void sets_and_bits(void **state)
{
    (void)state;
    uint16_t data[200 + 32];
    uint8_t wanted[1000];
    uint64_t bits[4], all[4];
    for (size_t i = 0; i < array_len(data); i++)
        data[i] = (uint16_t)(any() % 1000);
    for (size_t i = 0; i < array_len(wanted); i++)
        wanted[i] = any() % 3 == 0;
    scan_set(data, 2, 200, wanted, false, bits);
    for (size_t i = 0; i < 200; i++)
        assert_int_equal(scan_has(bits, i), wanted[data[i]]);
    scan_all(all, 200);
    assert_int_equal(scan_count(all, 4), 200);
    uint64_t n = scan_count(bits, 4);
    scan_not(bits, 200);
    assert_int_equal(scan_count(bits, 4), 200 - n);
    scan_and(all, bits, 4);
    assert_memory_equal(all, bits, sizeof all);
    scan_not(all, 200);
    scan_or(all, bits, 4);
    assert_int_equal(scan_count(all, 4), 200);
}

/* Text of few characters, so that near hits are many; Chinese among them, so that lead bytes repeat. */
static str text(arena *a, size_t most)
{
    static const char *const parts[] = { "a", "B", "b", "A", "臺", "北", "市", "台", "z", "Z", "@", "`" };
    buf b = buf_in(a);
    for (size_t n = any() % (most + 1); n > 0; n--)
        buf_add(&b, str_of(parts[any() % array_len(parts)]));
    char *p = arena_get(a, b.n + 64);
    if (b.n > 0)
        memcpy(p, b.p, b.n);
    return (str){ p, b.n };
}

static void needles_are_found_where_they_are(void **state)
{
    (void)state;
    arena *a = arena_new(1 << 16);
    size_t found = 0;
    for (int round = 0; round < 20000; round++) {
        arena_mark m = arena_here(a);
        str hay = text(a, 120), needle = text(a, any() % 8 == 0 ? 20 : 3);
        bool fold = any() % 2 != 0;
        if (fold)
            needle = str_lower(a, needle);
        if (needle.n == 0)
            needle = S("z");
        size_t from = any() % (hay.n + 2), at = from, places[8], most = 1 + any() % array_len(places), n = most;
        while (n == most) {
            n = scan_find(hay, &from, needle, fold, places, most);
            for (size_t i = 0; i < n; i++, found++) {
                at = scan_find_plain(hay, at, needle, fold);
                assert_int_equal(places[i], at++);
            }
        }
        assert_int_equal(scan_find_plain(hay, at, needle, fold), hay.n);
        arena_back(a, m);
    }
    assert_true(found > 2000);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_of_every_width), cmocka_unit_test(ranges_past_zero),
        cmocka_unit_test(sets_and_bits), cmocka_unit_test(needles_are_found_where_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
