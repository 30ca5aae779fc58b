/* Tests of rate: buckets empty and fill, addresses are apart, the table is bounded. */
#include "kit/http/rate.h"

#undef fail /* cmocka has one of its own */
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>

static void test_bucket(void **state)
{
    (void)state;
    rate *r = rate_new(2, 5);
    int64_t t = day_now_mono_ms();
    rate_state s;
    for (int i = 4; i >= 0; i--) {
        rate_take(r, S("192.0.2.1"), t, &s);
        assert_true(s.ok);
        assert_int_equal(s.limit, 5);
        assert_int_equal(s.remaining, i);
    }
    rate_take(r, S("192.0.2.1"), t, &s);
    assert_false(s.ok);
    assert_int_equal(s.retry_s, 1);
    assert_int_equal(s.reset_s, 3);
    rate_take(r, S("192.0.2.2"), t, &s);
    assert_true(s.ok);
    rate_take(r, S("192.0.2.1"), t + 600, &s);
    assert_true(s.ok);
    rate_take(r, S("192.0.2.1"), t + 610, &s);
    assert_false(s.ok);
    rate_take(r, S("192.0.2.1"), t + 100000, &s);
    assert_int_equal(s.remaining, 4); /* never more than full */
    rate_take(r, S("192.0.2.1"), t + 99000, &s);
    assert_int_equal(s.remaining, 3); /* a clock that goes back gives nothing */
    rate_free(r);
}

static void test_ipv6_by_network(void **state)
{
    (void)state;
    rate *r = rate_new(0.001, 1);
    int64_t t = day_now_mono_ms();
    rate_state s;
    rate_take(r, S("2001:db8:1:2::1"), t, &s);
    assert_true(s.ok);
    rate_take(r, S("2001:db8:1:2:ffff::9"), t, &s);
    assert_false(s.ok);
    rate_take(r, S("2001:db8:1:3::1"), t, &s);
    assert_true(s.ok);
    rate_free(r);
}

/* A million addresses do not push out one that asks again and again. */
static void test_flood_of_addresses(void **state)
{
    (void)state;
    rate *r = rate_new(0.001, 3);
    arena *a = arena_new(1024);
    int64_t t = day_now_mono_ms();
    rate_state s;
    int passed = 0;
    for (int i = 0; i < 200000; i++) {
        arena_reset(a);
        rate_take(r, str_fmt(a, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255), t + i / 100, &s);
        if (i % 2000 == 0) {
            rate_take(r, S("192.0.2.9"), t + i / 100, &s);
            passed += s.ok;
        }
    }
    assert_true(passed < 20);
    arena_free(a);
    rate_free(r);
}

static void *hammer(void *arg)
{
    rate_state s;
    int64_t ok = 0, t = day_now_mono_ms();
    for (int i = 0; i < 10000; i++) {
        rate_take(arg, S("192.0.2.1"), t, &s);
        ok += s.ok;
    }
    return (void *)(intptr_t)ok;
}

static void test_threads(void **state)
{
    (void)state;
    rate *r = rate_new(0.001, 5000);
    pthread_t t[4];
    intptr_t all = 0;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, hammer, r), 0);
    for (int i = 0; i < 4; i++) {
        void *ok;
        pthread_join(t[i], &ok);
        all += (intptr_t)ok;
    }
    assert_int_equal(all, 5000);
    rate_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bucket), cmocka_unit_test(test_ipv6_by_network),
        cmocka_unit_test(test_flood_of_addresses), cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
