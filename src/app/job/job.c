#include "app/job/job.h"

#include "app/site/site.h"
#include "kit/text/json_write.h"

#include <stdatomic.h>
#include <sys/random.h>

#define LEASE_MS 60000
#define TELL_MS 500
#define AGAIN_MS 5000           /* doubles with each try */
#define KEEP_MS (30 * DAY_MS)   /* how long ended jobs can be looked up */

bool job_add(ctx *c, const job_wish *w, int64_t *id)
{
    job_number same;
    bool found = false;
    str text;
    if (w->once.n > 0 && !q_job_waiting_same(c, w->kind, w->once, &same, &found))
        return false;
    if (found) {
        *id = same.id;
        return true;
    }
    int64_t now = day_now_ms();
    if (!q_job_id_take(c, &text))
        return false;
    if (!str_to_i64(text, id))
        return fail(c, DB, "the counter of jobs is not a number");
    return q_job_insert(c, *id, w->kind, w->once, w->subject_kind, w->subject_id,
                        w->arguments.n > 0 ? w->arguments : S("{}"), c->actor, w->run_at, now);
}

bool job_cancel(ctx *c, int64_t id, bool *found)
{
    int64_t changed = 0;
    auto_tx tx = db_begin(c);
    if (!tx.open || !q_job_cancel_waiting(c, id, day_now_ms(), &changed))
        return false;
    if (changed == 0 && !q_job_cancel_running(c, id, &changed))
        return false;
    *found = changed > 0;
    return db_commit(c, &tx);
}

static bool told_to_stop(ctx *c, job *j)
{
    if (j->stopping == NULL || !atomic_load(j->stopping))
        return false;
    j->put_back = true;
    return !fail(c, BUSY, "the program is stopping; the job goes on when it is back");
}

bool job_progress(ctx *c, job *j, const char *stage, int64_t bytes_done, int64_t bytes_all, int64_t rows)
{
    int64_t now = day_now_mono_ms(), changed = 0;
    if (told_to_stop(c, j))
        return false;
    if (j->told_at != 0 && now - j->told_at < TELL_MS)
        return true;
    job_row row;
    bool found = false;
    auto_tx tx = db_begin(c);
    if (!tx.open
        || !q_job_tell(c, j->id, j->lease, str_of(stage), bytes_done, bytes_all, rows, day_now_ms() + LEASE_MS, &changed)
        || !q_job_get(c, j->id, &row, &found) || !db_commit(c, &tx))
        return false;
    j->told_at = now;
    if (changed == 0) {
        j->put_back = true;
        return fail(c, BUSY, "somebody else took this job over");
    }
    return !found || row.cancel == 0 || fail(c, CANCELLED, "the job was cancelled");
}

int64_t job_seconds_left(const job_row *r, int64_t now)
{
    int64_t spent = r->started_at_null ? 0 : now - r->started_at;
    if (!str_eq(r->state, S("running")) || r->bytes_done <= 0 || r->bytes_all < r->bytes_done || spent < 1000)
        return -1;
    return (int64_t)((double)spent / 1000.0 * (double)(r->bytes_all - r->bytes_done) / (double)r->bytes_done + 0.5);
}

/* --- working --- */

static str new_lease(arena *a)
{
    unsigned char r[12];
    must(getrandom(r, sizeof r, 0) == (ssize_t)sizeof r);
    buf b = buf_in(a);
    buf_hex(&b, r, sizeof r);
    return buf_str(&b);
}

static const job_kind *kind_of(const job_kind *kinds, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_of(kinds[i].name), name))
            return &kinds[i];
    return NULL;
}

/* What died with its worker too often, or nobody here knows, is ended instead of begun. */
static bool end_hopeless(ctx *c, const job_row *r, const job_kind *k)
{
    str why = k == NULL ? S("this program does not know this kind of job")
                        : S("it was begun as often as it may be, and its worker died each time");
    return q_job_end(c, r->id, r->lease, S("failed"), S("{}"), str_of(err_name(ERR_INTERNAL)), why, day_now_ms());
}

static bool take(ctx *c, const job_kind *kinds, size_t n, job_row *row, const job_kind **k, str *lease, bool *found)
{
    int64_t now = day_now_ms();
    if (!q_job_due(c, now, row, found) || !*found)   /* looked up without the write lock: mostly there is nothing */
        return c->err.code == ERR_OK;
    auto_tx tx = db_begin(c);
    if (!tx.open || !q_job_due(c, now, row, found))
        return false;
    if (!*found)
        return true;
    *k = kind_of(kinds, n, row->kind);
    *lease = new_lease(c->a);
    if (*k == NULL || row->tries >= (*k)->tries) {
        *found = false;
        return end_hopeless(c, row, *k) && db_commit(c, &tx);
    }
    return q_job_take(c, row->id, *lease, now + LEASE_MS, now) && db_commit(c, &tx);
}

static bool may_try_again(const job *j, const err *e, int64_t tries, const job_kind *k)
{
    if (j->put_back)
        return true;
    bool passing = e->code == ERR_BUSY || e->code == ERR_IO || e->code == ERR_DB || e->code == ERR_TIMEOUT;
    return passing && tries < k->tries;
}

static bool write_end(ctx *c, const job *j, bool ok, const err *e, int64_t tries, const job_kind *k)
{
    int64_t now = day_now_ms();
    str code = ok ? S("") : str_of(err_name(e->code));
    str message = ok ? S("") : e->message.n > 0 ? e->message : str_of(err_text(e->code));
    auto_tx tx = db_begin(c);
    if (!tx.open)
        return false;
    if (j->again_at > 0 && !j->put_back && (ok || e->code != ERR_CANCELLED))
        return q_job_again(c, j->id, j->lease, tries, j->again_at, code, message) && db_commit(c, &tx);
    if (!ok && may_try_again(j, e, tries, k)) {
        int64_t wait = j->put_back ? 0 : AGAIN_MS << (tries > 10 ? 10 : tries);
        return q_job_again(c, j->id, j->lease, j->put_back ? 1 : 0, now + wait, code, message) && db_commit(c, &tx);
    }
    str state = ok ? S("done") : e->code == ERR_CANCELLED ? S("cancelled") : S("failed");
    return q_job_end(c, j->id, j->lease, state, j->result.n > 0 ? j->result : S("{}"), code, message, now)
        && q_job_forget(c, now - KEEP_MS) && db_commit(c, &tx);
}

bool job_work_one(ctx *c, const job_kind *kinds, size_t n, const _Atomic bool *stopping, bool *worked)
{
    job_row row;
    const job_kind *k = NULL;
    str lease;
    *worked = false;
    if (!take(c, kinds, n, &row, &k, &lease, worked) || !*worked)
        return c->err.code == ERR_OK;
    job j = { .id = row.id, .kind = row.kind, .subject_kind = row.subject_kind, .subject_id = row.subject_id,
              .arguments = row.arguments, .lease = lease, .stopping = stopping };
    str actor = c->actor;
    c->actor = row.actor;
    int64_t from = day_now_mono_ms();
    bool ok = k->run(c, &j);
    c->actor = actor;
    err e = c->err;
    err_clear(c);
    log_line(ok ? LOG_INFO : LOG_WARN, ok ? "job done" : "job ended", log_s("kind", row.kind), log_i("job", row.id),
             log_i("ms", day_now_mono_ms() - from), log_s("error", ok ? S("") : e.message),
             log_s("detail", ok ? S("") : e.detail));
    return write_end(c, &j, ok, &e, row.tries + 1, k);
}
