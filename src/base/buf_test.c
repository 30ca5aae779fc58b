/* Tests of buf: growth, the maximum, formatting, numbers that read back. */
#include "base.h"

#include <math.h>
#include <setjmp.h>
#include <cmocka.h>

#define same(b, y) assert_true(str_eq(buf_str(&(b)), S(y)))

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

static void grows(void **state)
{
    (void)state;
    buf b = buf_in(a);
    same(b, "");
    for (int i = 0; i < 10000; i++)
        buf_add(&b, S("0123456789"));
    buf_byte(&b, '!');
    assert_int_equal(b.n, 100001);
    assert_int_equal(b.p[99999], '9');
    assert_int_equal(b.p[100000], '!');
    assert_true(buf_fits(&b));
    buf_add(&b, (str){ 0 });
    assert_int_equal(b.n, 100001);
}

static void keeps_its_maximum(void **state)
{
    (void)state;
    buf b = buf_max(a, 10);
    buf_add(&b, S("12345678"));
    buf_add(&b, S("abc")); /* would be 11: dropped whole */
    assert_false(buf_fits(&b));
    same(b, "12345678");
    buf_add(&b, S("x")); /* once over, nothing more: no holes in the middle */
    same(b, "12345678");

    buf exact = buf_max(a, 10);
    buf_add(&exact, S("1234567890"));
    assert_true(buf_fits(&exact));
    buf_byte(&exact, 'x');
    assert_false(buf_fits(&exact));
    same(exact, "1234567890");

    buf fmt = buf_max(a, 5);
    buf_fmt(&fmt, "%s", "123456");
    assert_false(buf_fits(&fmt));
    assert_int_equal(fmt.n, 0);
    buf huge = buf_max(a, 100);
    assert_false(buf_room(&huge, SIZE_MAX));
}

static void writes_integers(void **state)
{
    (void)state;
    buf b = buf_in(a);
    buf_i64(&b, 0);
    buf_byte(&b, ' ');
    buf_i64(&b, INT64_MIN);
    buf_byte(&b, ' ');
    buf_i64(&b, INT64_MAX);
    same(b, "0 -9223372036854775808 9223372036854775807");
}

static void writes_reals_that_read_back(void **state)
{
    (void)state;
    static const struct { double v; const char *text; } row[] = {
        { 0.1, "0.1" }, { 1.5, "1.5" }, { 25.04776, "25.04776" }, { 100, "100" }, { -0.5, "-0.5" },
    };
    for (size_t i = 0; i < array_len(row); i++) {
        buf b = buf_in(a);
        buf_f64(&b, row[i].v);
        assert_true(str_eq(buf_str(&b), str_of(row[i].text)));
    }
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        double v;
        memcpy(&v, &x, sizeof v);
        if (!isfinite(v))
            continue;
        buf b = buf_in(a);
        buf_f64(&b, v);
        double back = 0;
        assert_true(str_to_f64(buf_str(&b), &back));
        assert_memory_equal(&v, &back, sizeof v);
    }
}

static void writes_characters_and_hex(void **state)
{
    (void)state;
    buf b = buf_in(a);
    buf_utf8(&b, 'A');
    buf_utf8(&b, 0xe9);
    buf_utf8(&b, 0x81fa);
    buf_utf8(&b, 0x2000b);
    buf_utf8(&b, 0xd800);
    same(b, "Aé臺𠀋\xef\xbf\xbd");
    buf h = buf_in(a);
    buf_hex(&h, "\x00\xff\x1a", 3);
    buf_hex_u64(&h, 0, 1);
    buf_hex_u64(&h, 0xbeef, 1);
    buf_hex_u64(&h, 0xbeef, 8);
    buf_hex_u64(&h, UINT64_MAX, 16);
    same(h, "00ff1a" "0" "beef" "0000beef" "ffffffffffffffff");
}

static void formats_over_a_full_buffer(void **state)
{
    (void)state;
    buf b = buf_in(a);
    for (int i = 0; i < 1000; i++)
        buf_fmt(&b, "%04d", i);
    assert_int_equal(b.n, 4000);
    assert_memory_equal(b.p + 3996, "0999", 4);
    str s = str_fmt(a, "%0500d", 1);
    assert_int_equal(s.n, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows), cmocka_unit_test(keeps_its_maximum), cmocka_unit_test(writes_integers),
        cmocka_unit_test(writes_reals_that_read_back), cmocka_unit_test(writes_characters_and_hex),
        cmocka_unit_test(formats_over_a_full_buffer),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
