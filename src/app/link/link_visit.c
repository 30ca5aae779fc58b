#include "app/link/link_visit.h"

#include "kit/queue/workers.h"
#include "kit/text/url.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { AT_ONCE = 8, IN_A_ROW = 3, OCCASIONS = 2, LOOK_MS = 100, TELL_MS = 500 };
#define HOUR_MS ((int64_t)3600000)
#define BUSY_MS ((int64_t)600000)

typedef enum { WAITS, ASKED, ANSWERED, SETTLED, TOLD, LEFT } item_state;

typedef struct {
    str     name;
    bool    busy, left;                 /* a request is under way; no more of them in this round */
    int     in_row;                     /* requests without an answer */
    int64_t failures, until, ready_at;  /* as in link_host; not before, monotonic */
    bool    differs;                    /* from link_host */
} host;

typedef struct round round;
typedef struct {
    round *r;
    const link_due_row *row;
    host *h;
    item_state   state;
    link_outcome outcome;
} item;

struct round {
    const link_round *w;
    pthread_mutex_t lock;               /* around `state` and `outcome` of what is asked */
    pthread_cond_t  answered;
    _Atomic bool    stop;
    item  *items;
    size_t n;
    struct { host **v; size_t n, cap; } hosts;
};

/* --- in the threads that ask --- */

static void run(void *app, ctx *c, void *job)
{
    round *r = app;
    item *i = job;
    link_outcome o;
    arena_reset(c->a);
    link_question q = link_question_of(i->row->url, i->row->url_kind, i->row->format);
    q.agent = r->w->agent;
    q.allow_private = r->w->allow_private;
    q.timeout_s = r->w->timeout_s;
    q.stop = &r->stop;
    link_ask(c, &q, &o);
    pthread_mutex_lock(&r->lock);
    i->outcome = o;
    i->state = ANSWERED;
    pthread_cond_signal(&r->answered);
    pthread_mutex_unlock(&r->lock);
}

/* --- in the caller's --- */

static str host_name(arena *a, str address)
{
    url u;
    if (!url_parse(address, &u))
        return (str){ 0 };
    str name = str_lower(a, u.host);
    return u.port > 0 ? str_fmt(a, "%.*s:%d", S_ARG(name), u.port) : name;
}

static bool prepare(ctx *c, round *r)
{
    map by_name = map_in(c->a);
    link_host_row_list known;
    if (!q_link_hosts(c, &known))
        return false;
    r->n = r->w->due->n;
    r->items = new_n(c->a, item, r->n + 1);
    for (size_t i = 0; i < r->n; i++) {
        const link_due_row *row = &r->w->due->v[i];
        str name = host_name(c->a, row->url);
        host *h = map_ptr(&by_name, name);
        if (h == NULL) {
            h = new(c->a, host);
            *h = (host){ .name = name };
            map_set_ptr(&by_name, name, h);
            list_add(c->a, &r->hosts, h);
        }
        r->items[i] = (item){ .r = r, .row = row, .h = h };
    }
    int64_t now = day_now_ms();
    list_each (const link_host_row, k, &known) {
        host *h = map_ptr(&by_name, k->host);
        if (h == NULL)
            continue;
        h->failures = k->failures;
        h->until = k->until;
        h->left = k->until > now;
    }
    return true;
}

static void give_up(host *h)
{
    int64_t hours = h->failures < 5 ? (int64_t)1 << h->failures : 24;
    h->failures++;
    h->until = day_now_ms() + hours * HOUR_MS;
    h->left = h->differs = true;
}

/* What an answer says of its host. */
static void settle(const round *r, item *i)
{
    host *h = i->h;
    const link_outcome *o = &i->outcome;
    h->busy = false;
    i->state = SETTLED;
    if (o->error == ERR_CANCELLED || o->error == ERR_INVALID)
        return;
    h->ready_at = day_now_mono_ms() + r->w->pause_ms;
    bool silent = o->status == 0 && (o->error == ERR_TIMEOUT || o->error == ERR_IO);
    h->in_row = silent ? h->in_row + 1 : 0;
    if (h->in_row == IN_A_ROW)
        give_up(h);
    if (o->error == ERR_BUSY) {
        h->until = day_now_ms() + BUSY_MS;
        h->left = h->differs = true;
    } else if (!silent && (h->failures > 0 || h->until > 0)) {
        h->failures = h->until = 0;
        h->differs = true;
    }
}

/* Of a host that is left alone: not asked now, or known well enough. */
static void leave(item *i)
{
    const host *h = i->h;
    i->state = LEFT;
    if (h->failures < OCCASIONS)
        return;
    i->state = SETTLED;
    i->outcome = (link_outcome){ .error = ERR_IO, .gave = LINK_NOT_KNOWN };
    str name = utf8_cut(h->name, 80);
    snprintf(i->outcome.says, sizeof i->outcome.says, "%.*s gave no answer on %" PRId64 " occasions; not asked for each address", S_ARG(name), h->failures);
}

/* Begins what may begin; says whether anything is still to come. */
static bool begin_some(round *r, workers *w, bool in_time)
{
    int64_t now = day_now_mono_ms();
    bool more = false;
    for (size_t k = 0; k < r->n; k++) {
        item *i = &r->items[k];
        if (i->state == ANSWERED)
            settle(r, i);
        if (i->state == WAITS && i->h->left)
            leave(i);
        if (i->state == WAITS && in_time && !i->h->busy && i->h->ready_at <= now && workers_add(w, i)) {
            i->state = ASKED;
            i->h->busy = true;
        }
        more = more || i->state == ASKED || (i->state == WAITS && in_time);
    }
    return more;
}

static bool tell(ctx *c, round *r)
{
    const link_due_row **rows = new_n(c->a, const link_due_row *, r->n + 1);
    const link_outcome **outcomes = new_n(c->a, const link_outcome *, r->n + 1);
    size_t n = 0;
    for (size_t k = 0; k < r->n; k++) {
        item *i = &r->items[k];
        if (i->state != SETTLED)
            continue;
        i->state = TOLD;
        if (i->outcome.error == ERR_CANCELLED)
            continue;
        rows[n] = i->row;
        outcomes[n++] = &i->outcome;
    }
    return r->w->tell(c, r->w->to, rows, outcomes, n);
}

static void rest(round *r)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&r->answered, &r->lock, &until);
}

static bool walk(ctx *c, round *r, workers *w)
{
    int64_t began = day_now_mono_ms(), told = began;
    for (bool more = true; more;) {
        pthread_mutex_lock(&r->lock);
        more = begin_some(r, w, day_now_mono_ms() - began < r->w->most_ms);
        if (more)
            rest(r);
        pthread_mutex_unlock(&r->lock);
        if (day_now_mono_ms() - told < TELL_MS)
            continue;
        told = day_now_mono_ms();
        arena_mark m = arena_here(c->a);
        if (!tell(c, r))
            return false;
        arena_back(c->a, m);
    }
    return tell(c, r);
}

static bool write_hosts(ctx *c, const round *r)
{
    auto_tx tx = db_begin(c);
    if (!tx.open)
        return false;
    for (size_t i = 0; i < r->hosts.n; i++) {
        const host *h = r->hosts.v[i];
        if (!h->differs)
            continue;
        if (!(h->failures == 0 && h->until == 0 ? q_link_host_forget(c, h->name) : q_link_host_set(c, h->name, h->failures, h->until)))
            return false;
    }
    return db_commit(c, &tx);
}

bool link_visit(ctx *c, const link_round *wish, size_t *past, size_t *left)
{
    round r = { .w = wish, .lock = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER };
    workers *w;
    if (!prepare(c, &r) || !workers_start(c, &(workers_config){ .threads = AT_ONCE, .queue = AT_ONCE, .app = &r, .run = run }, &w))
        return false;
    bool ok = walk(c, &r, w);
    atomic_store(&r.stop, true);
    workers_stop(w);
    pthread_mutex_destroy(&r.lock);
    pthread_cond_destroy(&r.answered);
    *left = 0;
    for (*past = 0; *past < r.n && r.items[*past].state != WAITS; ++*past)
        *left += r.items[*past].state == LEFT;
    return ok && write_hosts(c, &r);
}
