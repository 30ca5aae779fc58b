/* conn — connections and the loops that drive them. A loop is one thread with
 * one epoll set (edge-triggered), its own listening socket and its own ctx; a
 * connection belongs to one loop for life and is touched by no other thread.
 * An idle connection holds this struct and nothing else. Internal to kit/http.
 *
 *   loop.c  threads, accepting, deadlines, stopping
 *   conn.c  bytes in: heads, bodies, who runs the request
 *   send.c  bytes out: memory, files, streams */
#ifndef CONN_H
#define CONN_H
#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "kit/http/run.h"
#include "kit/http/tls.h"
#include "kit/queue/workers.h"

#define CONN_READ_BYTES ((size_t)65536)
#define CONN_DRAIN_BYTES 65536          /* a body that nobody wants is read up to here, to keep the connection */
#define CONN_LINGER_MS 2000
#define CONN_QUIET_MS 300               /* when stopping: how long idle clients may still send a request */

typedef struct conn conn;
typedef struct loop loop;
typedef struct job job;

typedef enum { TIMER_NONE, TIMER_IDLE, TIMER_HEAD, TIMER_BODY, TIMER_WRITE, TIMER_LINGER, TIMERS } timer_kind;
typedef enum { CONN_HEAD, CONN_BODY, CONN_WORK, CONN_SEND, CONN_LINGER, CONN_DEAD } conn_state;
typedef enum { CONN_GO_ON, CONN_WAIT, CONN_CLOSE } conn_step;

/* A request in progress; goes to a worker and back as a whole. Kept in the loop's pool between requests. */
struct job {
    run_work w;
    arena   *a, *pieces;
    conn    *k;
    job     *next;                  /* in the pool, or in the list of those that are done */
    bool     on_worker, is_piece, piece_ok, piece_more;
    bool     counted;
    bool     drain;                 /* the answer is there already; the body is only read away */
    parse_framing framing;
    int64_t  length, got, limit;    /* of the body */
    parse_chunks chunks;
    buf      body;
    int      spool;                 /* > 0: the body's file */
    int64_t  started_ns;
    int64_t  bytes_out;
};

struct conn {
    loop *l;
    int   fd;
    conn_state state;
    tls_conn *tls;
    bool  readable, writable, ended, hung, ready_listed, tls_wants;
    timer_kind timer;
    int64_t due_ms;
    conn *timer_prev, *timer_next;
    conn *prev, *next;              /* all of the loop */
    conn *ready_next, *dead_next;
    const char *in;                 /* bytes not used yet: in own, or in the loop's buffer while it is driven */
    size_t in_n, scanned;
    char  *own;
    size_t own_cap;
    job   *j;
    size_t sent_head, sent_body;
    int64_t moved;                  /* bytes since the timer was set */
    int   outq;                     /* what the kernel had not sent then */
    char  remote[46];
};

typedef struct {
    conn *first, *last;
} timer_list;

typedef struct {
    _Atomic uint64_t requests, responses[6], bytes_out, connections_total, refused_busy, refused_rate, not_modified,
        latency_us_bucket[16], latency_us_sum;
} loop_counts;

struct loop {
    struct http_server *s;
    int index, epoll, listener, wake, spare_fd;
    pthread_t thread;
    bool started;
    ctx  c;
    char *in;                       /* CONN_READ_BYTES, shared by all connections of the loop */
    timer_list timers[TIMERS];
    conn *all, *ready, *ready_last, *dead;
    job  *pool;
    size_t pool_n, open;
    pthread_mutex_t done_lock;
    job  *done;
    int64_t now_ms, wall_ms, date_s;
    char  date[32], log_time[32];   /* Date header; "time=…" to the second */
    char  id_prefix[9];
    uint64_t id_next;
    buf   log;                      /* lines of the access log, written in blocks */
    int64_t log_ms;
    bool  stopping;
    int64_t stop_ms;
    loop_counts counts;
};

struct http_server {
    run_core core;
    arena *a;
    loop  *loops;
    int    n_loops;
    workers *pool;
    tls   *tls;
    int    port, unix_fd;
    const char *unix_path;
    _Atomic bool stopping;
    _Atomic int64_t stop_until_ms;
    _Atomic int open;
    pthread_mutex_t begin_lock;
    pthread_cond_t begin_more;
    int    begun, failed;
};

/* loop.c */
bool loop_start(ctx *c, struct http_server *s, loop *l, int listener) nodiscard;
void loop_end(loop *l);                         /* after its thread was joined: frees what is left */
void loop_wake(loop *l);
void loop_done(job *j);                         /* from a worker: the job is ready to go on */
void loop_timer(conn *k, timer_kind kind);      /* (re)starts it; TIMER_NONE ends it */
void loop_ready(conn *k);                       /* drive it again soon */
job *loop_take_job(loop *l);
void loop_give_job(loop *l, job *j);
static inline void loop_count(_Atomic uint64_t *n, uint64_t by)   /* one writer: no lock prefix needed */
{
    atomic_store_explicit(n, atomic_load_explicit(n, memory_order_relaxed) + by, memory_order_relaxed);
}
/* conn.c */
conn *conn_new(loop *l, int fd);
void conn_drive(conn *k);                       /* as far as it goes without waiting */
void conn_back_from_worker(conn *k);
void conn_timed_out(conn *k);
void conn_close(conn *k);
void conn_run_job(void *app, ctx *c, void *job);    /* on a worker */
/* server.c */
void server_finished(conn *k);                  /* counts and logs the request of k->j */
/* send.c */
conn_step send_some(conn *k);                   /* CONN_GO_ON: all of the answer is out */
bool send_continue(conn *k) nodiscard;          /* 100 Continue */
#endif
