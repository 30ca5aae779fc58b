#include "kit/queue/follower.h"

#include <stdatomic.h>
#include <time.h>

struct follower {
    follower_config cfg;
    follower_bell own;
    _Atomic bool stopping;
    pthread_t *threads;
    int count;
};

static void lock(follower_bell *b)
{
    must(pthread_mutex_lock(&b->lock) == 0);
}

static void unlock(follower_bell *b)
{
    must(pthread_mutex_unlock(&b->lock) == 0);
}

void follower_ring(follower_bell *b)
{
    lock(b);
    b->rings++;
    must(pthread_cond_broadcast(&b->rung) == 0);
    unlock(b);
}

static uint64_t heard(follower_bell *b)
{
    lock(b);
    uint64_t n = b->rings;
    unlock(b);
    return n;
}

/* Until the bell has rung more often than `before`, or the pause is over. */
static void rest(follower *f, uint64_t before)
{
    follower_bell *b = f->cfg.bell;
    struct timespec until;
    must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
    int64_t ns = until.tv_nsec + (int64_t)f->cfg.pause_ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    lock(b);
    while (b->rings == before && pthread_cond_clockwait(&b->rung, &b->lock, CLOCK_MONOTONIC, &until) == 0)
        continue;
    unlock(b);
}

static void report(const follower_config *cfg, ctx *c, bool ok, bool *ailing)
{
    if (!ok && !*ailing)
        log_line(LOG_ERROR, cfg->wrong, log_s("error", c->err.message), log_s("detail", c->err.detail));
    else if (ok && *ailing)
        log_line(LOG_INFO, cfg->mended);
    *ailing = !ok;
}

static void *follow(void *data)
{
    follower *f = data;
    const follower_config *cfg = &f->cfg;
    ctx c = { .a = arena_new(65536), .actor = str_of(cfg->actor) };
    bool begun = false, ailing = false;
    uint64_t before = heard(cfg->bell);
    if (cfg->rest_first && !atomic_load(&f->stopping))
        rest(f, before);
    while (!atomic_load(&f->stopping)) {
        bool more = false;
        before = heard(cfg->bell);
        begun = begun || cfg->begin(cfg->app, &c);
        bool ok = begun && cfg->step(cfg->app, &c, &more);
        report(cfg, &c, ok, &ailing);
        if (!ok && begun) {              /* a broken connection does not mend itself */
            cfg->end(cfg->app, &c);
            begun = false;
        }
        err_clear(&c);
        arena_reset(c.a);
        if (!more && !atomic_load(&f->stopping))
            rest(f, before);
    }
    if (begun)
        cfg->end(cfg->app, &c);
    arena_free(c.a);
    return NULL;
}

bool follower_start(ctx *c, const follower_config *cfg, follower **out)
{
    must(cfg->threads > 0 && cfg->pause_ms > 0);
    follower *f = mem_get(sizeof *f);
    *f = (follower){ .cfg = *cfg, .threads = mem_get((size_t)cfg->threads * sizeof *f->threads) };
    must(pthread_mutex_init(&f->own.lock, NULL) == 0 && pthread_cond_init(&f->own.rung, NULL) == 0);
    if (cfg->bell == NULL)
        f->cfg.bell = &f->own;
    while (f->count < cfg->threads && pthread_create(&f->threads[f->count], NULL, follow, f) == 0)
        f->count++;
    *out = f;
    if (f->count == cfg->threads)
        return true;
    follower_stop(f);
    *out = NULL;
    return fail(c, BUSY, "the system gives no more threads");
}

void follower_stop(follower *f)
{
    if (f == NULL)
        return;
    atomic_store(&f->stopping, true);
    follower_ring(f->cfg.bell);
    for (int i = 0; i < f->count; i++)
        must(pthread_join(f->threads[i], NULL) == 0);
    pthread_cond_destroy(&f->own.rung);
    pthread_mutex_destroy(&f->own.lock);
    mem_free(f->threads);
    mem_free(f);
}
