#include "app/job/job_worker.h"

#include "app/site/site.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#define LOOK_MS 500
#define THREADS_MAX 16

struct job_worker {
    struct site *site;
    const job_kind *kinds;
    size_t kind_count;
    pthread_t threads[THREADS_MAX];
    int count;
    _Atomic bool stopping;
};

/* One bell for the process: who adds a job does not know who works. */
static pthread_mutex_t bell_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t bell = PTHREAD_COND_INITIALIZER;
static uint64_t rings;

void job_worker_wake(void)
{
    pthread_mutex_lock(&bell_lock);
    rings++;
    pthread_cond_broadcast(&bell);
    pthread_mutex_unlock(&bell_lock);
}

static void rest(job_worker *w, uint64_t *heard)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&bell_lock);
    if (rings == *heard && !atomic_load(&w->stopping))
        pthread_cond_timedwait(&bell, &bell_lock, &until);
    *heard = rings;
    pthread_mutex_unlock(&bell_lock);
}

static void *work(void *data)
{
    job_worker *w = data;
    ctx c = { .a = arena_new(65536), .actor = S("worker") };
    bool attached = false, ailing = false;
    uint64_t heard = 0;
    while (!atomic_load(&w->stopping)) {
        bool worked = false;
        if (!attached)
            attached = site_attach(&c, w->site);
        bool ok = attached && job_work_one(&c, w->kinds, w->kind_count, &w->stopping, &worked);
        if (!ok && !ailing)
            log_line(LOG_ERROR, "jobs cannot be worked on", log_s("error", c.err.message), log_s("detail", c.err.detail));
        ailing = !ok;
        if (!ok && attached) { /* a broken connection does not mend itself */
            site_detach(&c);
            attached = false;
        }
        err_clear(&c);
        arena_reset(c.a);
        if (!worked)
            rest(w, &heard);
    }
    if (attached)
        site_detach(&c);
    arena_free(c.a);
    return NULL;
}

bool job_worker_start(ctx *c, struct site *s, const job_kind *kinds, size_t n, int threads, job_worker **out)
{
    job_worker *w = mem_get(sizeof *w);
    *w = (job_worker){ .site = s, .kinds = kinds, .kind_count = n };
    threads = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
    while (w->count < threads && pthread_create(&w->threads[w->count], NULL, work, w) == 0)
        w->count++;
    *out = w;
    if (w->count == threads)
        return true;
    job_worker_stop(w);
    *out = NULL;
    return fail(c, BUSY, "the system gives no more threads for jobs");
}

void job_worker_stop(job_worker *w)
{
    if (w == NULL)
        return;
    atomic_store(&w->stopping, true);
    job_worker_wake();
    for (int i = 0; i < w->count; i++)
        pthread_join(w->threads[i], NULL);
    mem_free(w);
}
