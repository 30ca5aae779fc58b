/* Tests of map: against a plain list, order, values, hostile keys. */
#include "base.h"

#include <setjmp.h>
#include <cmocka.h>

static void finds_what_was_put(void **state)
{
    (void)state;
    arena *a = arena_new(4096);
    map m = map_in(a);
    assert_null(map_get(&m, S("x")));
    assert_null(map_ptr(&m, S("x")));
    assert_int_equal(map_i64(&m, S("x"), -7), -7);
    for (int64_t i = 0; i < 20000; i++) {
        bool is_new = false;
        map_item *it = map_put(&m, str_fmt(a, "key %" PRId64, i), &is_new);
        assert_true(is_new);
        it->i = i;
    }
    assert_int_equal(m.n, 20000);
    for (int64_t i = 0; i < 20000; i++)
        assert_int_equal(map_i64(&m, str_fmt(a, "key %" PRId64, i), -1), i);
    assert_null(map_get(&m, S("key 20000")));
    assert_null(map_get(&m, S("key")));
    for (int64_t i = 0; i < 20000; i++) /* order of insertion */
        assert_int_equal(m.items[i].i, i);
    arena_free(a);
}

static void putting_again_keeps_one(void **state)
{
    (void)state;
    arena *a = arena_new(4096);
    map m = map_in(a);
    int x = 0, y = 0;
    bool is_new = true;
    map_set_ptr(&m, S("k"), &x);
    map_put(&m, S("k"), &is_new);
    assert_false(is_new);
    assert_ptr_equal(map_ptr(&m, S("k")), &x);
    map_set_ptr(&m, S("k"), &y);
    assert_ptr_equal(map_ptr(&m, S("k")), &y);
    map_set_i64(&m, S(""), 5); /* the empty key is a key */
    assert_int_equal(map_i64(&m, (str){ 0 }, 0), 5);
    assert_int_equal(m.n, 2);
    arena_free(a);
}

static void like_a_plain_list(void **state)
{
    (void)state;
    arena *a = arena_new(1 << 16);
    map m = map_in(a);
    int64_t last[256];
    memset(last, 0xff, sizeof last);
    uint32_t r = 12345;
    for (int i = 0; i < 50000; i++) {
        r = r * 1664525u + 1013904223u;
        unsigned k = r >> 24;
        str key = str_fmt(a, "%.*s", (int)(k % 19), "abcdefghijklmnopqrstuvwxyz");
        key = str_cat(a, key, str_fmt(a, "%u", k));
        assert_int_equal(map_i64(&m, key, -1), last[k]);
        map_set_i64(&m, key, i);
        last[k] = i;
    }
    assert_true(m.n <= 256);
    arena_free(a);
}

static void keys_with_the_same_ends(void **state)
{
    (void)state;
    arena *a = arena_new(1 << 16);
    map m = map_in(a);
    /* Same first and last 8 bytes, NUL bytes inside, lengths around the word size. */
    for (int i = 0; i < 3000; i++) {
        char *k = arena_get(a, 20);
        memcpy(k + 8, &i, sizeof i);
        map_set_i64(&m, (str){ k, 20 }, i);
    }
    assert_int_equal(m.n, 3000);
    map short_ = map_in(a);
    for (size_t n = 0; n < 40; n++)
        map_set_i64(&short_, (str){ arena_get(a, 64), n }, (int64_t)n);
    assert_int_equal(short_.n, 40);
    for (size_t n = 0; n < 40; n++)
        assert_int_equal(map_i64(&short_, (str){ arena_get(a, 64), n }, -1), (int64_t)n);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_put), cmocka_unit_test(putting_again_keeps_one),
        cmocka_unit_test(like_a_plain_list), cmocka_unit_test(keys_with_the_same_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
