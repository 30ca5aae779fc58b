/* server — HTTP/1.1 on epoll: our own, because the packaged libraries fail on
 * framing, deadlines or streaming (docs/decisions). A few event threads share
 * the port (SO_REUSEPORT); each has its own ctx for handlers marked ON_LOOP;
 * all other handlers run on a bounded pool of workers; a full queue answers
 * 503 with Retry-After at once. Limits on everything; orderly stop. */
#ifndef SERVER_H
#define SERVER_H
#include "kit/http/http.h"

typedef struct http_config {
    str   listen;                       /* "127.0.0.1:8080", "[::1]:8080", "unix:/path" */
    int   loops, workers;               /* 0: from the number of processors */
    str   tls_cert, tls_key;            /* PEM files; empty: plain */
    int   head_bytes;                   /* 16384 */
    int   head_ms, body_ms, idle_ms, write_ms;  /* 10, 20, 60, 30 s; body and write: for each 64 KB */
    int   work_ms;                      /* a handler's deadline (ctx.deadline_ms): 30 s */
    int64_t body_bytes;                 /* of a request: 1 MB */
    int64_t large_body_bytes;           /* … of routes that take files: 1 GB */
    int   connections;                  /* 10000 */
    int   queue;                        /* waiting requests: 1024 */
    double rate_per_s, rate_burst;      /* an address; 0: no limit */
    str   trusted_proxy;                /* address whose X-Forwarded-For/-Proto are believed; empty: none */
    str   spool_dir;                    /* for large bodies; empty: /tmp */
    size_t cache_bytes;                 /* response cache: 32 MB */
    bool  one_host;                     /* answers do not depend on the Host header (the public address is set) */
    bool  access_log;                   /* one line a request, to standard error */

    const http_route *routes;
    size_t            route_count;
    void             *app;              /* handed to every callback */
    bool (*thread_start)(void *app, ctx *c);          /* opens the thread's db, sets c->db and c->site */
    void (*thread_end)(void *app, ctx *c);
    bool (*loop_may_block)(void *app);                /* true: the db is a file of ours, ON_LOOP may query it */
    bool (*allow)(void *app, ctx *c, const http_req *r);      /* policy; false after fail(); on the loop: must not wait */
    bool (*error)(void *app, ctx *c, const http_req *r, http_res *w); /* fills w from c->err */
    uint64_t (*version)(void *app);                   /* ledger sequence the node has applied */
    str   build_id;                                   /* part of every ETag */
} http_config;

typedef struct http_server http_server;

bool http_start(ctx *c, const http_config *cfg, http_server **out) nodiscard;   /* listening when it answers true */
int  http_port(const http_server *s);
void http_stop(http_server *s, int grace_ms);         /* no new connections; open requests finish; frees */

typedef struct {
    uint64_t requests, responses[6], bytes_out, connections_open, connections_total, refused_busy,
        refused_rate, cache_hits, cache_misses, cache_bytes, not_modified;
    uint64_t latency_us_bucket[16];                   /* < 2^i · 64 µs */
    uint64_t latency_us_sum;
} http_stats;
void http_stats_read(http_server *s, http_stats *out);

/* One request through router, policy, handler and error page without a socket: for tests. */
bool http_loopback(ctx *c, const http_config *cfg, str method, str target, const url_pairs *headers,
                   str body, http_res *out) nodiscard;
#endif
