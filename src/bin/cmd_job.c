/* cmd_job — work in progress: openshelf job list | show ID | cancel ID; openshelf work: do it, without a server. */
#include "app/job/job_worker.h"
#include "app/link/link_walk.h"
#include "app/jobs.h"
#include "app/table/table_poll.h"
#include "bin/job_follow.h"

#include <signal.h>

static bool list(ctx *c, const cli_args *a)
{
    job_row_list l;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!q_job_newest(c, 100, &l))
        return false;
    if (!a->json) {
        list_each (job_row, r, &l)
            buf_fmt(&b, "%6" PRId64 "  %-10.*s %-12.*s %3d %%  %s  %.*s\n", r->id, S_ARG(r->state), S_ARG(r->kind),
                    r->bytes_all > 0 ? (int)(r->bytes_done * 100 / r->bytes_all) : 0, str_z(c->a, day_local(c->a, r->created_at)), S_ARG(r->error));
        return cli_out(c, buf_str(&b));
    }
    json_arr(&j);
    list_each (job_row, r, &l)
        job_put(&j, r);
    json_end(&j);
    buf_byte(&b, '\n');
    return cli_out(c, buf_str(&b));
}

static bool show(ctx *c, int64_t id)
{
    job_row r;
    bool found;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!q_job_get(c, id, &r, &found))
        return false;
    if (!found)
        return fail(c, NOT_FOUND, "there is no job %" PRId64, id);
    job_put(&j, &r);
    buf_byte(&b, '\n');
    return cli_out(c, buf_str(&b));
}

static bool cancel(ctx *c, const cli_args *a, int64_t id)
{
    bool found = false;
    if (!job_cancel(c, id, &found))
        return false;
    if (!found)
        return fail(c, CONFLICT, "job %" PRId64 " is not there, or has ended", id);
    job_row r;
    if (!q_job_get(c, id, &r, &found))
        return false;
    bool stopping = found && str_eq(r.state, S("running"));
    cli_say(a, stopping ? "job %" PRId64 " will stop at its next step and change nothing" : "job %" PRId64 " is cancelled", id);
    return true;
}

bool cmd_job(ctx *c, cli_args *a)
{
    const cli_form form = {
        .usage = "job list | job show ID | job cancel ID",
        .what = "What the site works on: loading tables, fetching files. A job that is cancelled changes nothing.",
        .examples = "  openshelf job list\n  openshelf job cancel 12\n", .min_rest = 1, .max_rest = 2,
    };
    site *s;
    bool done;
    int64_t id = 0;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    bool lists = str_eq(a->rest.v[0], S("list")), shows = str_eq(a->rest.v[0], S("show")), cancels = str_eq(a->rest.v[0], S("cancel"));
    if ((!lists && !shows && !cancels) || (!lists && (a->rest.n < 2 || !str_to_i64(a->rest.v[1], &id))))
        return fail(c, USAGE, "wanted: job list, job show ID or job cancel ID");
    if (!cli_site(c, a, true, &s))
        return false;
    return lists ? list(c, a) : shows ? show(c, id) : cancel(c, a, id);
}

bool cmd_work(ctx *c, cli_args *a)
{
    int64_t threads = 1;
    const cli_opt opts[] = { { "threads", CLI_INT, &threads, "N", "jobs that are worked on at once, at most 16" } };
    const cli_form form = {
        .usage = "work [--threads N]", .what = "Does the jobs of the site until SIGTERM or SIGINT, without serving it. Several may work at once.",
        .examples = "  openshelf work --data /var/lib/openshelf\n", .opts = opts, .opt_count = array_len(opts),
    };
    site *s;
    bool done;
    sigset_t stop;
    size_t n;
    job_worker *w;
    int sig = 0;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    must(pthread_sigmask(SIG_BLOCK, &stop, NULL) == 0);
    const job_kind *kinds = jobs_all(&n);
    if (!cli_site(c, a, false, &s) || !table_poll_resume(c) || !link_walk_plan(c)
        || !job_worker_start(c, s, kinds, n, threads > 16 ? 16 : (int)threads, &w))
        return false;
    cli_say(a, "working; Ctrl-C ends it");
    while (sigwait(&stop, &sig) != 0)
        continue;
    job_worker_stop(w);
    return true;
}
