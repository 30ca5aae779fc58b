/* Orders made ahead. The first pages of a sort are found without an order (select.h); who asks for a second page by the same
 * column is likely to ask for more, so a thread of the table makes the order meanwhile. One at a time, and only what is kept. */
#include "kit/query/inside.h"

#include <signal.h>

#define OFTEN 2     /* pages by one column after which its order is made */

typedef struct { query_table *t; size_t col; } job;

static void *run(void *given)
{
    job j = *(job *)given;
    ctx c = { .a = arena_new((size_t)1 << 16) };
    const uint32_t *order;
    mem_free(given);
    if (!query_order(&c, j.t, j.col, &order))
        err_clear(&c);  /* nobody waits for it; who asks for the order itself is told */
    arena_free(c.a);
    pthread_mutex_lock(&j.t->lock);
    j.t->ahead_runs = false;
    pthread_mutex_unlock(&j.t->lock);
    return NULL;
}

/* Signals are other threads' business. */
static void start(query_table *t, size_t col)
{
    sigset_t all, old;
    job *j = mem_get(sizeof *j);
    *j = (job){ t, col };
    if (t->ahead_made)
        must(pthread_join(t->ahead, NULL) == 0);    /* it has said that it ends */
    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, &old) == 0);
    t->ahead_made = t->ahead_runs = pthread_create(&t->ahead, NULL, run, j) == 0;
    must(pthread_sigmask(SIG_SETMASK, &old, NULL) == 0);
    if (!t->ahead_made)
        mem_free(j);
}

void query_order_ahead(query_table *t, size_t col)
{
    if (atomic_fetch_add_explicit(&t->asked[col], 1, memory_order_relaxed) + 1 < OFTEN)
        return;
    pthread_mutex_lock(&t->lock);
    if (!t->ahead_runs && !query_has_order(t, col) && t->order_bytes + (t->rows + 1) * sizeof(uint32_t) <= QUERY_ORDERS_BYTES)
        start(t, col);
    pthread_mutex_unlock(&t->lock);
}

void query_order_end(query_table *t)
{
    atomic_store(&t->ending, true);
    if (t->ahead_made)
        must(pthread_join(t->ahead, NULL) == 0);
}
