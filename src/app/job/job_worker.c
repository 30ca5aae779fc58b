#include "app/job/job_worker.h"

#include "app/site/site.h"
#include "kit/queue/follower.h"

#include <stdatomic.h>

#define LOOK_MS 500
#define THREADS_MAX 16

struct job_worker {
    struct site *site;
    const job_kind *kinds;
    size_t kind_count;
    _Atomic bool stopping;
    follower *follower;
};

/* One bell for the process: who adds a job does not know who works. */
static follower_bell bell = FOLLOWER_BELL;

void job_worker_wake(void)
{
    follower_ring(&bell);
}

static bool attach(void *data, ctx *c)
{
    return site_attach(c, ((job_worker *)data)->site);
}

static void detach(void *data, ctx *c)
{
    (void)data;
    site_detach(c);
}

static bool work(void *data, ctx *c, bool *worked)
{
    job_worker *w = data;
    return job_work_one(c, w->kinds, w->kind_count, &w->stopping, worked);
}

bool job_worker_start(ctx *c, struct site *s, const job_kind *kinds, size_t n, int threads, job_worker **out)
{
    job_worker *w = mem_get(sizeof *w);
    const follower_config cfg = {
        .threads = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads,
        .pause_ms = LOOK_MS, .bell = &bell, .actor = "worker", .app = w, .begin = attach, .end = detach, .step = work,
        .wrong = "jobs cannot be worked on", .mended = "jobs are worked on again",
    };
    *w = (job_worker){ .site = s, .kinds = kinds, .kind_count = n };
    *out = w;
    if (follower_start(c, &cfg, &w->follower))
        return true;
    mem_free(w);
    *out = NULL;
    return false;
}

void job_worker_stop(job_worker *w)
{
    if (w == NULL)
        return;
    atomic_store(&w->stopping, true);
    follower_stop(w->follower);
    mem_free(w);
}
