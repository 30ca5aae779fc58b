/* follower — threads that do one step again and again: at the start, whenever the bell rings, and after a pause. Each
 * thread has a ctx of its own, with the connection that `begin` made. When a step fails, the connection is given back
 * and made anew for the next; the log says once that something is wrong and once that it is over, so that a database
 * that is away for an hour is two lines. A step's memory is gone after it. */
#ifndef FOLLOWER_H
#define FOLLOWER_H
#include "base.h"

#include <pthread.h>

/* Who rings need not know who listens. A ring during a step is heard after it. */
typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t  rung;
    uint64_t        rings;
} follower_bell;
#define FOLLOWER_BELL { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 }
void follower_ring(follower_bell *bell);

typedef struct follower follower;
typedef struct {
    int            threads, pause_ms;
    bool           rest_first;                              /* the first step waits, too */
    follower_bell *bell;                                    /* NULL: only the pause counts */
    const char    *actor;                                   /* of the ctx */
    const char    *wrong, *mended;                          /* what the log says when steps begin to fail, and when they succeed again */
    void          *app;                                     /* handed to every callback */
    bool (*begin)(void *app, ctx *c);
    void (*end)(void *app, ctx *c);
    bool (*step)(void *app, ctx *c, bool *more);            /* more: the next step comes without a pause */
} follower_config;

bool follower_start(ctx *c, const follower_config *cfg, follower **out) nodiscard;     /* BUSY: there are no more threads */
void follower_stop(follower *f);                            /* steps that run are finished; NULL is fine */
#endif
