/* Tests of arena: alignment, zeroing, growth in place, marks, accounting. */
#include "base.h"

#include <setjmp.h>
#include <cmocka.h>

static void zeroed_and_aligned(void **state)
{
    (void)state;
    arena *a = arena_new(100);
    for (size_t n = 0; n < 3000; n += 7) {
        unsigned char *p = arena_get(a, n);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        if (n > 0)
            memset(p, 0xff, n); /* the next round must not see it */
    }
    arena_free(a);
    arena_free(NULL);
}

static void pieces_do_not_overlap(void **state)
{
    (void)state;
    arena *a = arena_new(64);
    unsigned char *p[500];
    for (size_t i = 0; i < array_len(p); i++) {
        p[i] = arena_get(a, i + 1);
        memset(p[i], (int)(i & 0xff), i + 1);
    }
    for (size_t i = 0; i < array_len(p); i++)
        for (size_t k = 0; k <= i; k++)
            assert_int_equal(p[i][k], i & 0xff);
    arena_free(a);
}

static void grows_in_place_or_moves(void **state)
{
    (void)state;
    arena *a = arena_new(4096);
    char *p = arena_get(a, 10);
    memcpy(p, "123456789", 10);
    char *q = arena_grow(a, p, 10, 1000);
    assert_ptr_equal(p, q); /* the newest piece, and there is room */
    assert_string_equal(q, "123456789");
    for (size_t i = 10; i < 1000; i++)
        assert_int_equal(q[i], 0);
    (void)arena_get(a, 1);
    char *r = arena_grow(a, q, 1000, 2000);
    assert_ptr_not_equal(q, r); /* something stands behind it */
    assert_string_equal(r, "123456789");
    char *s = arena_grow(a, r, 2000, 1 << 20); /* no room in the block */
    assert_string_equal(s, "123456789");
    char *fresh = arena_grow(a, NULL, 0, 5);
    assert_int_equal(fresh[4], 0);
    arena_free(a);
}

static void marks_give_back(void **state)
{
    (void)state;
    arena *a = arena_new(1024);
    char *kept = arena_get(a, 100);
    memset(kept, 'k', 100);
    size_t before = arena_bytes(a);
    for (int round = 0; round < 50; round++) {
        arena_mark m = arena_here(a);
        for (int i = 0; i < 100; i++)
            memset(arena_get(a, 1000), 'x', 1000);
        assert_true(arena_bytes(a) > before);
        arena_back(a, m);
        assert_int_equal(arena_bytes(a), before);
    }
    unsigned char *p = arena_get(a, 200);
    for (int i = 0; i < 200; i++)
        assert_int_equal(p[i], 0);
    for (int i = 0; i < 100; i++)
        assert_int_equal(kept[i], 'k');
    arena_free(a);
}

/* Used memory comes again: what grows is zeroed behind its old bytes, in place or moved; bytes are only kept. */
static void what_grows_is_zeroed(void **state)
{
    (void)state;
    arena *a = arena_new(4096);
    for (int moved = 0; moved < 2; moved++) {
        arena_mark m = arena_here(a);
        memset(arena_get(a, 2000), 'x', 2000);
        arena_back(a, m);
        unsigned char *p = arena_get(a, 16);
        memset(p, 'k', 16);
        if (moved != 0)
            (void)arena_get(a, 16);
        p = arena_grow(a, p, 16, 1000);
        for (int i = 0; i < 1000; i++)
            assert_int_equal(p[i], i < 16 ? 'k' : 0);
        p = arena_grow_raw(a, p, 1000, 1600);
        for (int i = 0; i < 1000; i++)
            assert_int_equal(p[i], i < 16 ? 'k' : 0);
        arena_back(a, m);
    }
    arena_free(a);
}

static void reset_keeps_the_first_block(void **state)
{
    (void)state;
    arena *a = arena_new(2048);
    void *first = arena_get(a, 16);
    size_t held = arena_bytes(a);
    (void)arena_get(a, 1 << 20);
    assert_true(arena_bytes(a) >= held + (1 << 20));
    arena_reset(a);
    assert_int_equal(arena_bytes(a), held);
    assert_ptr_equal(arena_get(a, 16), first);
    arena_free(a);
}

static void lists_and_counted_arrays(void **state)
{
    (void)state;
    arena *a = arena_new(64);
    str_list l = { 0 };
    for (int i = 0; i < 1000; i++)
        list_add(a, &l, str_fmt(a, "%d", i));
    assert_int_equal(l.n, 1000);
    int i = 0;
    list_each(str, s, &l)
    {
        int64_t v;
        assert_true(str_to_i64(*s, &v));
        assert_int_equal(v, i++);
    }
    str *pushed = list_push(a, &l);
    assert_int_equal(pushed->n, 0);
    uint32_t *n = new_n(a, uint32_t, 100);
    assert_int_equal(n[99], 0);
    assert_non_null(new(a, str_list));
    arena_free(a);
}

static void own_memory(void **state)
{
    (void)state;
    unsigned char *p = mem_get(0);
    assert_non_null(p);
    p = mem_resize(p, 100);
    memset(p, 1, 100);
    p = mem_resize(p, 10000);
    assert_int_equal(p[99], 1);
    mem_free(p);
    mem_free(NULL);
    unsigned char *z = mem_get(64);
    assert_int_equal(z[63], 0);
    mem_free(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroed_and_aligned),   cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(grows_in_place_or_moves), cmocka_unit_test(marks_give_back),
        cmocka_unit_test(reset_keeps_the_first_block), cmocka_unit_test(lists_and_counted_arrays),
        cmocka_unit_test(own_memory),             cmocka_unit_test(what_grows_is_zeroed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
