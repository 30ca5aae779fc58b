/* Tests of cache: versions, bounds, least recently used first, forms, holders that outlive their entry, threads. */
#include "kit/http/cache.h"

#undef fail /* cmocka has one of its own */
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

static str text_of(arena *a, size_t n)
{
    char *p = arena_get(a, n + 1);
    memset(p, 'x', n);
    return (str){ p, n };
}

static void test_versions(void **state)
{
    (void)state;
    cache *k = cache_new(1 << 20);
    assert_null(cache_find(k, S("/a"), 1));
    cache_release(cache_add(k, S("/a"), 1, S("head"), S("body"), true));
    cache_entry *e = cache_find(k, S("/a"), 1);
    accept_encoding plain = ACCEPT_IDENTITY;
    assert_true(str_eq(cache_head(e), S("head")) && str_eq(cache_body(k, e, &plain), S("body")));
    assert_null(cache_find(k, S("/a"), 2)); /* drops it … */
    assert_true(str_eq(cache_body(k, e, &plain), S("body"))); /* … but not from under its holder */
    cache_release(e);
    cache_numbers n;
    cache_count(k, &n);
    assert_int_equal(n.entries, 0);
    assert_int_equal(n.bytes, 0);
    assert_int_equal(n.hits, 1);
    assert_int_equal(n.misses, 2);
    cache_free(k);
}

static void test_bounded(void **state)
{
    (void)state;
    arena *a = arena_new(65536);
    cache *k = cache_new(1 << 20);
    str body = text_of(a, 5000);
    assert_null(cache_add(k, S("/big"), 1, S("h"), text_of(a, 200000), true)); /* larger than a shard */
    cache_release(cache_add(k, S("/hot"), 1, S("h"), body, true));
    for (int i = 0; i < 2000; i++) {
        cache_release(cache_add(k, str_fmt(a, "/%d", i), 1, S("h"), body, true));
        cache_entry *hot = cache_find(k, S("/hot"), 1);
        assert_non_null(hot); /* what is used stays */
        cache_release(hot);
        cache_numbers n;
        cache_count(k, &n);
        assert_true(n.bytes <= 1 << 20);
    }
    assert_null(cache_find(k, S("/0"), 1));
    cache_free(k);
    arena_free(a);
}

static void test_forms(void **state)
{
    (void)state;
    arena *a = arena_new(65536);
    cache *k = cache_new(1 << 20);
    cache_entry *e = cache_add(k, S("/a"), 1, S("h"), text_of(a, 5000), true);
    accept_encoding gz = ACCEPT_GZIP, zs = ACCEPT_ZSTD;
    str one = cache_body(k, e, &gz), two = cache_body(k, e, &zs);
    assert_int_equal(gz, ACCEPT_GZIP);
    assert_int_equal(zs, ACCEPT_ZSTD);
    assert_true(one.n < 200 && two.n < 200 && one.p != two.p);
    assert_ptr_equal(cache_body(k, e, &gz).p, one.p); /* made once */
    cache_numbers n;
    cache_count(k, &n);
    assert_true(n.bytes > 5000 + one.n + two.n);
    cache_release(e);
    e = cache_add(k, S("/picture"), 1, S("h"), text_of(a, 5000), false);
    assert_int_equal(cache_body(k, e, &gz).n, 5000);
    assert_int_equal(gz, ACCEPT_IDENTITY);
    cache_release(e);
    cache_free(k);
    arena_free(a);
}

static _Atomic int wrong;

static void *hammer(void *arg)
{
    cache *k = arg;
    arena *a = arena_new(65536);
    for (int i = 0; i < 3000; i++) {
        arena_reset(a);
        str key = str_fmt(a, "/%d", i % 70);
        uint64_t version = (uint64_t)i / 500;
        cache_entry *e = cache_find(k, key, version);
        str want = str_fmt(a, "%2000d of %d", i % 70, (int)version);
        if (e == NULL)
            e = cache_add(k, key, version, S("h"), want, true);
        accept_encoding c = i % 3 == 0 ? ACCEPT_ZSTD : i % 3 == 1 ? ACCEPT_GZIP : ACCEPT_IDENTITY;
        str got = e != NULL ? cache_body(k, e, &c) : want;
        if (c == ACCEPT_IDENTITY && !str_eq(got, want))
            atomic_fetch_add(&wrong, 1);
        cache_release(e);
    }
    arena_free(a);
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    cache *k = cache_new(1 << 17);
    pthread_t t[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, hammer, k), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    assert_int_equal(atomic_load(&wrong), 0);
    cache_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions), cmocka_unit_test(test_bounded), cmocka_unit_test(test_forms),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
