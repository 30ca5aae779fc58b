/* Tests of follower: a ring is never lost, the pause ends by itself, what failed begins anew and is said once. */
#include "kit/queue/follower.h"

#include <stdatomic.h>
#include <unistd.h>

enum { FOR_EVER = 3600000 };

typedef struct {
    _Atomic int begun, ended, steps, more;
    _Atomic bool ill, away, hold;
} world;

static bool begin(void *app, ctx *c)
{
    world *w = app;
    if (atomic_load(&w->away))
        return fail(c, DB, "nobody answers");
    atomic_fetch_add(&w->begun, 1);
    return true;
}

static void end(void *app, ctx *c)
{
    (void)c;
    atomic_fetch_add(&((world *)app)->ended, 1);
}

static bool step(void *app, ctx *c, bool *more)
{
    world *w = app;
    must(c->a != NULL && c->err.code == ERR_OK && str_eq(c->actor, S("tester")));
    atomic_fetch_add(&w->steps, 1);
    while (atomic_load(&w->hold))
        usleep(500);
    *more = atomic_load(&w->more) > 0 && atomic_fetch_sub(&w->more, 1) > 0;
    return !atomic_load(&w->ill) || fail(c, DB, "it broke");
}

#undef fail /* cmocka has one of its own */
#include <setjmp.h>
#include <cmocka.h>

static follower *start(world *w, follower_config cfg)
{
    static ctx c;
    follower *f;
    cfg.threads += cfg.threads == 0;
    cfg.actor = "tester", cfg.wrong = "it is wrong", cfg.mended = "it is well again";
    cfg.app = w, cfg.begin = begin, cfg.end = end, cfg.step = step;
    assert_true(follower_start(&c, &cfg, &f));
    return f;
}

static void until(_Atomic int *n, int least)
{
    for (int64_t give_up = day_now_mono_ms() + 20000; atomic_load(n) < least;) {
        assert_true(day_now_mono_ms() < give_up);
        usleep(500);
    }
}

static void a_ring_is_heard_at_once_and_after_a_step(void **state)
{
    (void)state;
    static follower_bell bell = FOLLOWER_BELL;
    world w = { .hold = false };
    follower *f = start(&w, (follower_config){ .pause_ms = FOR_EVER, .bell = &bell });
    until(&w.steps, 1);
    follower_ring(&bell);
    until(&w.steps, 2);
    atomic_store(&w.hold, true);
    follower_ring(&bell);
    until(&w.steps, 3);
    follower_ring(&bell);               /* while it is busy */
    atomic_store(&w.hold, false);
    until(&w.steps, 4);
    follower_stop(f);
    assert_int_equal(atomic_load(&w.steps), 4);
    assert_int_equal(atomic_load(&w.begun), 1);
    assert_int_equal(atomic_load(&w.ended), 1);
}

static void a_pause_ends_and_more_needs_none(void **state)
{
    (void)state;
    world w = { .hold = false };
    follower *f = start(&w, (follower_config){ .pause_ms = 1 });
    until(&w.steps, 5);
    follower_stop(f);
    world busy = { .more = 20 };
    f = start(&busy, (follower_config){ .pause_ms = FOR_EVER });
    until(&busy.steps, 21);
    follower_stop(f);
    assert_int_equal(atomic_load(&busy.steps), 21);
}

static void stopping_ends_every_thread_whatever_it_waits_for(void **state)
{
    (void)state;
    static follower_bell bell = FOLLOWER_BELL;
    world w = { .hold = false };
    follower *f = start(&w, (follower_config){ .threads = 4, .pause_ms = FOR_EVER, .bell = &bell });
    until(&w.steps, 4);
    follower_stop(f);
    assert_int_equal(atomic_load(&w.ended), 4);
    world patient = { .hold = false };
    f = start(&patient, (follower_config){ .pause_ms = FOR_EVER, .rest_first = true });
    follower_stop(f);
    assert_int_equal(atomic_load(&patient.steps) + atomic_load(&patient.begun), 0);
    follower_stop(NULL);
}

static size_t times(str s, const char *what)
{
    size_t n = 0;
    for (const char *p = strstr(s.p, what); p != NULL; p = strstr(p + 1, what))
        n++;
    return n;
}

static void what_failed_begins_anew_and_is_said_once(void **state)
{
    (void)state;
    static char out[65536];
    int fd[2], keep = dup(STDERR_FILENO);
    world w = { .ill = true };
    assert_int_equal(pipe(fd), 0);
    dup2(fd[1], STDERR_FILENO);
    close(fd[1]);
    follower *f = start(&w, (follower_config){ .pause_ms = 1 });
    until(&w.ended, 3);
    atomic_store(&w.away, true);
    usleep(5000);                       /* some steps that cannot even begin */
    atomic_store(&w.ill, false);
    atomic_store(&w.away, false);
    until(&w.steps, atomic_load(&w.steps) + 3);
    follower_stop(f);
    dup2(keep, STDERR_FILENO);
    close(keep);
    ssize_t n = read(fd[0], out, sizeof out - 1);
    close(fd[0]);
    str said = { out, n > 0 ? (size_t)n : 0 };
    assert_int_equal(times(said, "it is wrong"), 1);
    assert_int_equal(times(said, "it broke"), 1);
    assert_int_equal(times(said, "it is well again"), 1);
    assert_int_equal(atomic_load(&w.begun), atomic_load(&w.ended));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_is_heard_at_once_and_after_a_step), cmocka_unit_test(a_pause_ends_and_more_needs_none),
        cmocka_unit_test(stopping_ends_every_thread_whatever_it_waits_for),
        cmocka_unit_test(what_failed_begins_anew_and_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
