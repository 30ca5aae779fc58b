#include "kit/queue/workers.h"

#include <pthread.h>
#include <signal.h>

typedef struct {
    workers *w;
    pthread_t thread;
    ctx c;
    bool created;
} worker;

struct workers {
    workers_config cfg;
    pthread_mutex_t lock;
    pthread_cond_t more, begun;
    void **ring;
    size_t head, n;
    bool stopping;
    int ready, failed;                /* threads whose begin succeeded or not */
    worker *all;
};

static void lock(workers *w)
{
    must(pthread_mutex_lock(&w->lock) == 0);
}

static void unlock(workers *w)
{
    must(pthread_mutex_unlock(&w->lock) == 0);
}

static bool take(workers *w, void **job)
{
    lock(w);
    while (w->n == 0 && !w->stopping)
        must(pthread_cond_wait(&w->more, &w->lock) == 0);
    bool any = w->n > 0;
    if (any) {
        *job = w->ring[w->head];
        w->head = (w->head + 1) % w->cfg.queue;
        w->n--;
    }
    unlock(w);
    return any;
}

static void *thread_main(void *arg)
{
    worker *me = arg;
    workers *w = me->w;
    bool ok = w->cfg.begin == NULL || w->cfg.begin(w->cfg.app, &me->c);
    lock(w);
    *(ok ? &w->ready : &w->failed) += 1;
    must(pthread_cond_signal(&w->begun) == 0);
    unlock(w);
    if (!ok)
        return NULL;
    void *job;
    while (take(w, &job))
        w->cfg.run(w->cfg.app, &me->c, job);
    if (w->cfg.end != NULL)
        w->cfg.end(w->cfg.app, &me->c);
    return NULL;
}

static void create_threads(workers *w)
{
    sigset_t all, old;
    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, &old) == 0); /* signals are the main thread's */
    for (int i = 0; i < w->cfg.threads; i++) {
        worker *me = &w->all[i];
        *me = (worker){ .w = w, .c = { .a = arena_new(4096) } };
        me->created = pthread_create(&me->thread, NULL, thread_main, me) == 0;
        if (!me->created) {
            lock(w);
            w->failed++;
            unlock(w);
        }
    }
    must(pthread_sigmask(SIG_SETMASK, &old, NULL) == 0);
}

bool workers_start(ctx *c, const workers_config *cfg, workers **out)
{
    must(cfg->threads > 0 && cfg->queue > 0);
    workers *w = mem_get(sizeof *w);
    w->cfg = *cfg;
    w->ring = mem_get(cfg->queue * sizeof *w->ring);
    w->all = mem_get((size_t)cfg->threads * sizeof *w->all);
    must(pthread_mutex_init(&w->lock, NULL) == 0 && pthread_cond_init(&w->more, NULL) == 0
         && pthread_cond_init(&w->begun, NULL) == 0);
    create_threads(w);
    lock(w);
    while (w->ready + w->failed < cfg->threads)
        must(pthread_cond_wait(&w->begun, &w->lock) == 0);
    bool ok = w->failed == 0;
    unlock(w);
    *out = w;
    if (ok)
        return true;
    (void)fail(c, IO, "a worker thread could not be started");
    for (int i = 0; i < cfg->threads; i++)
        if (w->all[i].c.err.code != ERR_OK) {
            c->err = w->all[i].c.err;
            c->err.message = str_dup(c->a, c->err.message);
            c->err.detail = str_dup(c->a, c->err.detail);
        }
    workers_stop(w);
    *out = NULL;
    return false;
}

bool workers_add(workers *w, void *job)
{
    lock(w);
    bool ok = !w->stopping && w->n < w->cfg.queue;
    if (ok) {
        w->ring[(w->head + w->n++) % w->cfg.queue] = job;
        must(pthread_cond_signal(&w->more) == 0);
    }
    unlock(w);
    return ok;
}

size_t workers_waiting(workers *w)
{
    lock(w);
    size_t n = w->n;
    unlock(w);
    return n;
}

void workers_stop(workers *w)
{
    if (w == NULL)
        return;
    lock(w);
    w->stopping = true;
    must(pthread_cond_broadcast(&w->more) == 0);
    unlock(w);
    for (int i = 0; i < w->cfg.threads; i++) {
        if (w->all[i].created)
            must(pthread_join(w->all[i].thread, NULL) == 0);
        arena_free(w->all[i].c.a);
    }
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->more);
    pthread_cond_destroy(&w->begun);
    mem_free(w->ring);
    mem_free(w->all);
    mem_free(w);
}
