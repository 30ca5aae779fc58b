/* Tests of workers: every job once, full means refused, stopping finishes what was taken in. */
#include "kit/queue/workers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct {
    _Atomic int done, begun, ended;
    _Atomic bool hold;
    int fail_at;
} tally;

static bool begin(void *app, ctx *c)
{
    tally *t = app;
    int n = atomic_fetch_add(&t->begun, 1);
    return n != t->fail_at || fail(c, DB, "no connection %d", n);
}

static void end(void *app, ctx *c)
{
    (void)c;
    atomic_fetch_add(&((tally *)app)->ended, 1);
}

static void run(void *app, ctx *c, void *job)
{
    tally *t = app;
    must(c->a != NULL);
    while (atomic_load(&t->hold))
        usleep(1000);
    atomic_fetch_add((_Atomic int *)job, 1);
    atomic_fetch_add(&t->done, 1);
}

#undef fail /* cmocka has one of its own */
#include <setjmp.h>
#include <cmocka.h>

static void test_every_job_once(void **state)
{
    (void)state;
    tally t = { .fail_at = -1 };
    static _Atomic int seen[20000];
    ctx c = { .a = arena_new(1024) };
    workers *w;
    assert_true(workers_start(&c, &(workers_config){ 4, 64, &t, begin, end, run }, &w));
    for (int i = 0; i < 20000; i++)
        while (!workers_add(w, &seen[i]))
            usleep(50);
    workers_stop(w);
    for (int i = 0; i < 20000; i++)
        assert_int_equal(atomic_load(&seen[i]), 1);
    assert_int_equal(atomic_load(&t.ended), 4);
    arena_free(c.a);
}

static void test_full_is_refused(void **state)
{
    (void)state;
    tally t = { .fail_at = -1, .hold = true };
    _Atomic int job = 0;
    ctx c = { .a = arena_new(1024) };
    workers *w;
    int taken = 0;
    assert_true(workers_start(&c, &(workers_config){ 1, 3, &t, NULL, NULL, run }, &w));
    assert_true(workers_add(w, &job));
    while (workers_waiting(w) > 0)
        usleep(1000);
    while (workers_add(w, &job))
        taken++;
    assert_int_equal(taken, 3);
    atomic_store(&t.hold, false);
    workers_stop(w);
    assert_int_equal(atomic_load(&job), 4);
    arena_free(c.a);
}

static void test_a_thread_that_cannot_begin(void **state)
{
    (void)state;
    tally t = { .fail_at = 1 };
    ctx c = { .a = arena_new(1024) };
    workers *w;
    assert_false(workers_start(&c, &(workers_config){ 3, 8, &t, begin, end, run }, &w));
    assert_int_equal(c.err.code, ERR_DB);
    assert_true(str_eq(c.err.message, S("no connection 1")));
    assert_int_equal(atomic_load(&t.ended), 2);
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_job_once), cmocka_unit_test(test_full_is_refused),
        cmocka_unit_test(test_a_thread_that_cannot_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
