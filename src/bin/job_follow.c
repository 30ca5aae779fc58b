#include "bin/job_follow.h"

#include "app/jobs.h"

#include <time.h>

static bool ended(const job_row *r)
{
    return str_eq(r->state, S("done")) || str_eq(r->state, S("failed")) || str_eq(r->state, S("cancelled"));
}

static err_code code_of(str name)
{
    for (err_code e = ERR_OK; e < ERR_COUNT; e++)
        if (str_eq(name, str_of(err_name(e))))
            return e;
    return ERR_INTERNAL;
}

bool job_follow(ctx *c, const cli_args *a, int64_t id, job_row *out)
{
    size_t n;
    const job_kind *kinds = jobs_all(&n);
    log_set_level(LOG_ERROR);            /* why a job ended is the command's own message */
    for (;;) {
        bool found = false, worked = false;
        if (!q_job_get(c, id, out, &found))
            return false;
        if (!found)
            return fail(c, NOT_FOUND, "there is no job %" PRId64, id);
        if (ended(out))
            break;
        cli_progress(a, "bytes", out->bytes_done, out->bytes_all);
        if (!job_work_one(c, kinds, n, NULL, &worked))
            return false;
        if (!worked)
            nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL); /* another process works on it */
    }
    cli_progress_end(a);
    if (str_eq(out->state, S("done")))
        return true;
    str why = out->error.n > 0 ? out->error : S("the job was cancelled");
    return err_set(c, code_of(out->error_code), __FILE__, __LINE__, "%.*s", S_ARG(why));
}

void job_put(json_w *j, const job_row *r)
{
    json_obj(j);
    json_kv(j, "id", r->id);
    json_kv(j, "kind", r->kind);
    json_kv(j, "state", r->state);
    json_kv(j, "stage", r->stage);
    json_kv(j, "tries", r->tries);
    json_kv(j, "bytes_done", r->bytes_done);
    json_kv(j, "bytes_all", r->bytes_all);
    json_kv(j, "rows_done", r->rows_done);
    json_kv(j, "seconds_left", job_seconds_left(r, day_now_ms()));
    json_key(j, S("result"));
    json_raw(j, r->result);
    if (r->error.n > 0) {
        json_kv(j, "error_code", r->error_code);
        json_kv(j, "error", r->error);
    }
    json_end(j);
}
