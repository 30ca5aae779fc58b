/* workers — a fixed number of threads behind a bounded queue. Each thread has a
 * ctx of its own (with its database connection, made by `begin`). A full queue
 * refuses at once: who asked can say so, instead of waiting without end.
 * Stopping runs what was taken in, then ends. */
#ifndef WORKERS_H
#define WORKERS_H
#include "base.h"

typedef struct workers workers;

typedef struct {
    int    threads;
    size_t queue;                                   /* jobs waiting, at most */
    void  *app;                                     /* handed to every callback */
    bool (*begin)(void *app, ctx *c);               /* may be NULL; false after fail() */
    void (*end)(void *app, ctx *c);                 /* may be NULL */
    void (*run)(void *app, ctx *c, void *job);
} workers_config;

bool   workers_start(ctx *c, const workers_config *cfg, workers **out) nodiscard;   /* the error of a `begin` */
bool   workers_add(workers *w, void *job) nodiscard;                                 /* false: full, or stopping */
size_t workers_waiting(workers *w);
void   workers_stop(workers *w);                    /* NULL is fine */
#endif
