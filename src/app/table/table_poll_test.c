/* Addresses that are asked again and again (C10): set and ended in the ledger, a job that is put back, longer pauses after failures,
 * what is kept of many files; on both engines. Real answers of a server: tests/blackbox/test_rows.py. */
#include "support/jobs.h"
#include "support/tables.h"

#include "app/table/table_poll.h"
#include "app/table/table_thin.h"
#include "kit/blob/blob.h"

typedef struct { test_tables w; dataset_row d; distribution_row f; } world;

static world begin(void **state)
{
    world w = { 0 };
    assert_int_equal(test_tables_setup(&w.w, state), 0);
    ctx *c = &w.w.t->c;
    bool found;
    assert_ok(c, db_script(c, S("UPDATE distribution SET url = 'http://127.0.0.1:9/none.csv'")));   /* nobody is there, whoever asks */
    assert_ok(c, q_distribution_by_key(c, w.w.open, &w.f, &found));
    assert_ok(c, q_dataset_by_id(c, w.f.dataset_id, &w.d));
    return w;
}

static table_poll_row poll_of(world *w)
{
    table_poll_row p = { 0 };
    bool found;
    assert_ok(&w->w.t->c, q_table_poll_get(&w->w.t->c, w->f.uid, &p, &found));
    assert_true(found);
    return p;
}

static void what_fails_is_asked_less_often(void **state)
{
    world w = begin(state);
    ctx *c = &w.w.t->c;
    assert_ok(c, table_poll_set(c, &w.d, &w.f, 600, true));
    table_poll_row p = poll_of(&w);
    int64_t pause = 0;
    for (int i = 1; i <= 3; i++) {
        int64_t now = day_now_ms();
        assert_true(test_work(c));
        assert_false(test_work(c));                     /* it is not due */
        job_row j = test_job(c, p.job_id);
        p = poll_of(&w);
        assert_str(j.state, S("waiting"));
        assert_int_equal(j.tries, 0);
        assert_int_equal(p.failures, i);
        assert_true(p.error.n > 0 && str_eq(p.error, j.error) && p.asked_at >= now);
        pause = j.run_at - p.asked_at;
        assert_int_equal(pause, INT64_C(600000) << i);
        assert_ok(c, db_script(c, S("UPDATE job SET run_at = 0")));
    }
}

static void it_is_decided_in_the_ledger(void **state)
{
    world w = begin(state);
    ctx *c = &w.w.t->c;
    int64_t before, after;
    bool was;
    assert_false(table_poll_set(c, &w.d, &w.f, 1, false));
    assert_int_equal(c->err.code, ERR_INVALID);
    err_clear(c);
    assert_ok(c, ledger_seq(c, &before));
    assert_ok(c, table_poll_set(c, &w.d, &w.f, 60, false));
    table_poll_row first = poll_of(&w);
    assert_ok(c, table_poll_set(c, &w.d, &w.f, 30, false));
    table_poll_row second = poll_of(&w);
    assert_int_equal(second.id, first.id);
    assert_int_equal(second.every_s, 30);
    assert_str(test_job(c, first.job_id).state, S("cancelled"));
    assert_str(test_job(c, second.job_id).state, S("waiting"));
    assert_ok(c, table_poll_end(c, &w.d, &w.f, &was));
    assert_true(was);
    assert_str(test_job(c, second.job_id).state, S("cancelled"));
    assert_ok(c, table_poll_end(c, &w.d, &w.f, &was));
    assert_false(was);
    assert_ok(c, ledger_seq(c, &after));
    assert_int_equal(after - before, 3);
}

static void a_lost_job_comes_back_and_a_cancelled_one_rests(void **state)
{
    world w = begin(state);
    ctx *c = &w.w.t->c;
    bool found;
    assert_ok(c, table_poll_set(c, &w.d, &w.f, 60, false));
    int64_t id = poll_of(&w).job_id;
    assert_ok(c, table_poll_resume(c));
    assert_int_equal(poll_of(&w).job_id, id);
    assert_ok(c, db_script(c, S("UPDATE job SET state = 'failed'")));       /* its worker died too often */
    assert_ok(c, table_poll_resume(c));
    assert_int_not_equal(poll_of(&w).job_id, id);
    id = poll_of(&w).job_id;
    assert_ok(c, job_cancel(c, id, &found));
    assert_ok(c, table_poll_resume(c));
    assert_int_equal(poll_of(&w).job_id, id);
    assert_false(test_work(c));
}

/* --- what is kept --- */

static void polled_file(world *w, int number, bool makes_a_version)
{
    ctx *c = &w->w.t->c;
    static const char *const titles[] = { "值" };
    const char *cell = str_z(c->a, str_fmt(c->a, "%d", makes_a_version ? number : 0));
    int64_t file;
    size_t changed;
    bool fresh, found;
    blob_id id;
    table_file_row f;
    table_piece piece = test_piece(w->w.t, NULL, titles, 1, &cell, 1);
    table_draft d = { .name = S("sheet"), .fields = S("[]"), .about = S("{}"), .findings = S("[]"), .pieces = &piece, .piece_count = 1 };
    assert_ok(c, blob_keep(c, w->w.t->site->blob_dir, str_fmt(c->a, "file %d", number), &id));
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    assert_ok(c, table_put_file(c, &ch, &(table_file_draft){ .distribution_uid = w->f.uid, .dataset_id = w->d.id, .organization_id = 1,
        .blob = str_of(id.hex), .bytes = id.bytes, .name = S("now.csv"), .polled = true }, &file, &fresh));
    assert_ok(c, q_table_file_get(c, file, &f, &found));
    assert_true(fresh && found && f.polled == 1);
    assert_ok(c, table_publish(c, &ch, &f, 1, &d, 1, &changed));
    assert_ok(c, change_commit(c, &ch));
    assert_ok(c, table_thin_polled(c, &f));
}

static int64_t count(world *w, const char *what)
{
    int64_t n = 0;
    ctx *c = &w->w.t->c;
    table_version_brief_list versions;
    table_file_row_list files;
    table_row t;
    bool found;
    assert_ok(c, q_table_by_key(c, w->f.uid, &t, &found));
    assert_ok(c, q_table_versions_of(c, t.id, 1000, &versions));
    assert_ok(c, q_table_files_of(c, w->f.uid, &files));
    n = (int64_t)(strcmp(what, "versions") == 0 ? versions.n : files.n);
    return n;
}

static void old_versions_go_with_their_files(void **state)
{
    world w = begin(state);
    ctx *c = &w.w.t->c;
    int64_t kept, files;
    blob_row_list blobs;
    for (int i = 1; i <= TABLE_STEPS_KEPT; i++)
        polled_file(&w, i, true);
    kept = count(&w, "versions");
    files = count(&w, "files");
    assert_int_equal(kept, TABLE_STEPS_KEPT + 1);   /* the first was loaded, and stays */
    assert_int_equal(files, TABLE_STEPS_KEPT + 1);
    assert_ok(c, q_blob_list_rows(c, &blobs));
    size_t before = blobs.n;
    for (int i = 1; i <= 5; i++)
        polled_file(&w, TABLE_STEPS_KEPT + i, true);
    assert_int_equal(count(&w, "versions"), kept + 1);
    assert_int_equal(count(&w, "files"), files + 1);
    assert_ok(c, q_blob_list_rows(c, &blobs));
    assert_int_equal(blobs.n, before + 2);
    polled_file(&w, 1000, false);                   /* other bytes, the same rows, again and again */
    int64_t version = count(&w, "versions");
    for (int i = 1001; i < 1010; i++)
        polled_file(&w, i, false);
    assert_int_equal(count(&w, "versions"), version);
    assert_int_equal(count(&w, "files"), files + 2);          /* and the newest, of which nothing came */
    ledger_report r;
    assert_ok(c, ledger_verify(c, &r));
    assert_int_equal(r.problem.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_teardown(f, test_site_teardown)
        T(what_fails_is_asked_less_often), T(it_is_decided_in_the_ledger), T(a_lost_job_comes_back_and_a_cancelled_one_rests),
        T(old_versions_go_with_their_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
