/* Jobs: added in a transaction, taken once, tried again, cancelled, put back, left behind by a dead worker; on both engines. */
#include "support/support.h"

#include "app/job/job_worker.h"

#include <stdatomic.h>
#include <unistd.h>

static _Atomic int runs;
static err_code answer;
static bool cancel_inside;
static int64_t again_at;

static bool act(ctx *c, job *j)
{
    atomic_fetch_add(&runs, 1);
    j->again_at = again_at;
    if (cancel_inside) {
        bool found = false;
        if (!job_cancel(c, j->id, &found))
            return false;
        assert_true(found);
        return job_progress(c, j, "reading", 10, 100, 1);
    }
    if (answer == ERR_IO)
        return err_set(c, ERR_IO, __FILE__, __LINE__, "the disk is away");
    if (answer == ERR_INVALID)
        return err_set(c, ERR_INVALID, __FILE__, __LINE__, "this is no table");
    if (!job_progress(c, j, "reading", 50, 100, 7))
        return false;
    j->result = S("{\"rows\":7}");
    return true;
}

static const job_kind kinds[] = { { "act", act, 3, "a test" } };

static int64_t add(ctx *c, const char *kind, const char *once)
{
    int64_t id = 0;
    auto_tx tx = db_begin(c);
    assert_ok(c, tx.open);
    assert_ok(c, job_add(c, &(job_wish){ .kind = str_of(kind), .once = str_of(once), .subject_kind = S("distribution"),
                                         .subject_id = 5 }, &id));
    assert_ok(c, db_commit(c, &tx));
    return id;
}

static job_row get(ctx *c, int64_t id)
{
    job_row r = { 0 };
    bool found = false;
    assert_ok(c, q_job_get(c, id, &r, &found));
    assert_true(found);
    return r;
}

static bool work(ctx *c, const _Atomic bool *stopping)
{
    bool worked = false;
    assert_ok(c, job_work_one(c, kinds, 1, stopping, &worked));
    return worked;
}

static int setup(void **state)
{
    atomic_store(&runs, 0);
    answer = ERR_OK;
    cancel_inside = false;
    again_at = 0;
    return test_site_setup(state);
}

static void a_job_that_goes_on_is_put_back_whatever_happens(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    int64_t id = add(c, "act", "");
    again_at = 1;
    for (int i = 0; i < 5; i++) {                   /* more often than a job may be tried */
        answer = i % 2 == 0 ? ERR_OK : ERR_INVALID;
        assert_true(work(c, NULL));
        job_row r = get(c, id);
        assert_str(r.state, S("waiting"));
        assert_int_equal(r.tries, 0);
        assert_int_equal(r.run_at, 1);
        assert_str(r.error, answer == ERR_OK ? S("") : S("this is no table"));
    }
    again_at = day_now_ms() + DAY_MS;
    assert_true(work(c, NULL));
    assert_false(work(c, NULL));
    again_at = 1;
    int64_t other = add(c, "act", "");
    cancel_inside = true;
    assert_true(work(c, NULL));
    assert_str(get(c, other).state, S("cancelled"));
}

static void a_job_runs_once_and_keeps_its_result(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    c->actor = S("operator:test");
    int64_t id = add(c, "act", "");
    assert_true(work(c, NULL));
    assert_false(work(c, NULL));
    job_row r = get(c, id);
    assert_str(r.state, S("done"));
    assert_str(r.result, S("{\"rows\":7}"));
    assert_str(r.actor, S("operator:test"));
    assert_int_equal(r.rows_done, 7);
    assert_int_equal(r.tries, 1);
    assert_false(r.finished_at_null);
}

static void rolled_back_is_never_there(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    int64_t id = 0;
    {
        auto_tx tx = db_begin(c);
        assert_ok(c, tx.open);
        assert_ok(c, job_add(c, &(job_wish){ .kind = S("act") }, &id));
    }
    assert_false(work(c, NULL));
}

static void once_means_once(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    int64_t first = add(c, "act", "file 5");
    assert_int_equal(add(c, "act", "file 5"), first);
    assert_int_not_equal(add(c, "act", "file 6"), first);
    assert_true(work(c, NULL));
    assert_int_not_equal(add(c, "act", "file 5"), first); /* the first one is done: this is new work */
}

static void what_may_pass_is_tried_again_what_is_wrong_is_not(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    answer = ERR_IO;
    int64_t id = add(c, "act", "");
    assert_true(work(c, NULL));
    job_row r = get(c, id);
    assert_str(r.state, S("waiting"));
    assert_str(r.error, S("the disk is away"));
    assert_true(r.run_at > day_now_ms());
    assert_false(work(c, NULL)); /* not yet */
    for (int i = 0; i < 2; i++) {
        assert_ok(c, db_script(c, S("UPDATE job SET run_at = 0")));
        assert_true(work(c, NULL));
    }
    assert_str(get(c, id).state, S("failed"));
    answer = ERR_INVALID;
    id = add(c, "act", "");
    assert_true(work(c, NULL));
    r = get(c, id);
    assert_str(r.state, S("failed"));
    assert_str(r.error_code, S("INVALID"));
    assert_str(r.error, S("this is no table"));
}

static void cancelled_before_and_while_it_runs(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    bool found = false;
    int64_t id = add(c, "act", "");
    assert_ok(c, job_cancel(c, id, &found));
    assert_true(found);
    assert_false(work(c, NULL));
    assert_str(get(c, id).state, S("cancelled"));
    assert_ok(c, job_cancel(c, id, &found));
    assert_false(found);
    cancel_inside = true;
    id = add(c, "act", "");
    assert_true(work(c, NULL));
    assert_str(get(c, id).state, S("cancelled"));
}

static void a_stopping_worker_puts_it_back_without_counting(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    _Atomic bool stop = true;
    int64_t id = add(c, "act", "");
    assert_true(work(c, &stop));
    job_row r = get(c, id);
    assert_str(r.state, S("waiting"));
    assert_int_equal(r.tries, 0);
    assert_true(work(c, NULL));
    assert_str(get(c, id).state, S("done"));
}

static void a_dead_workers_job_comes_back_but_not_for_ever(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    int64_t id = add(c, "act", "");
    assert_ok(c, db_script(c, S("UPDATE job SET state = 'running', lease = 'gone', lease_until = 1, tries = 1")));
    assert_true(work(c, NULL));
    assert_str(get(c, id).state, S("done"));
    id = add(c, "act", "");
    assert_ok(c, db_script(c, S("UPDATE job SET state = 'running', lease = 'gone', lease_until = 1, tries = 3 WHERE state = 'waiting'")));
    assert_false(work(c, NULL));
    assert_str(get(c, id).state, S("failed"));
    id = add(c, "of another program", "");
    assert_false(work(c, NULL));
    assert_str(get(c, id).state, S("failed"));
}

static void seconds_left_follow_the_speed(void **state)
{
    (void)state;
    job_row r = { .state = S("running"), .started_at = 1000, .bytes_done = 25, .bytes_all = 100 };
    assert_int_equal(job_seconds_left(&r, 11000), 30);
    r.bytes_all = 0;
    assert_int_equal(job_seconds_left(&r, 11000), -1);
    r.state = S("done");
    assert_int_equal(job_seconds_left(&r, 11000), -1);
}

static void threads_share_the_work(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    job_worker *w = NULL;
    for (int i = 0; i < 20; i++)
        (void)add(c, "act", "");
    assert_ok(c, job_worker_start(c, t->site, kinds, 1, 3, &w));
    for (int i = 0; i < 500 && atomic_load(&runs) < 20; i++)
        usleep(10000);
    (void)add(c, "act", "");
    job_worker_wake();
    for (int i = 0; i < 500 && atomic_load(&runs) < 21; i++)
        usleep(10000);
    job_worker_stop(w);
    assert_int_equal(atomic_load(&runs), 21);
    assert_false(work(c, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, test_site_teardown)
        T(a_job_runs_once_and_keeps_its_result), T(rolled_back_is_never_there), T(once_means_once),
        T(what_may_pass_is_tried_again_what_is_wrong_is_not), T(cancelled_before_and_while_it_runs),
        T(a_stopping_worker_puts_it_back_without_counting), T(a_dead_workers_job_comes_back_but_not_for_ever),
        T(a_job_that_goes_on_is_put_back_whatever_happens), T(seconds_left_follow_the_speed), T(threads_share_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
