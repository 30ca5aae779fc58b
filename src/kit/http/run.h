/* run — one request from its head to its answer, without a socket: the same
 * fixed order for every request: route → rate → (body) → policy → cache →
 * inputs → handler → error page → seal. conn.c drives it over sockets,
 * loopback.c for tests. Internal to kit/http. */
#ifndef RUN_H
#define RUN_H
#include "kit/http/accept.h"
#include "kit/http/cache.h"
#include "kit/http/compress.h"
#include "kit/http/parse.h"
#include "kit/http/rate.h"
#include "kit/http/router.h"
#include "kit/http/server.h"

#define RUN_BODY_IN_MEMORY ((size_t)64 << 10)   /* larger bodies go to an unlinked file */
#define RUN_QUERY_MAX 200           /* parameters */

/* What all requests of a server share. */
typedef struct {
    http_config cfg;                /* with the defaults filled in */
    router *router;
    cache  *cache;                  /* NULL: none */
    rate   *rate;                   /* NULL: no limit */
    uint64_t build;                 /* hash of build_id, for ETags */
} run_core;

/* One request. Lives in its own arena; cleared by run_clear before the arena is reset. */
typedef struct run_work {
    arena *a;
    str    date;                    /* of now, for the Date header: set by the caller */
    ctx    c;
    http_req r;
    http_res w;
    router_hit hit;
    str_list segments;              /* of the path, decoded */
    bool  known;                    /* the head was understood: the error page can be asked for */
    bool  keep_alive, http10;
    rate_state rate;
    unsigned allow;                 /* methods to name in Allow; 0: none */
    str   key;                      /* of the cache; empty: not cached */
    uint64_t version;
    accept_encoding coding;
    bool  hit_cache;

    /* the answer */
    int   status;
    bool  ready;
    str   head;                     /* complete, with the empty line */
    str   body;                     /* in memory: c.a's, or entry's */
    cache_entry *entry;
    int   fd;                       /* > 0: then a file */
    int64_t fd_from, fd_bytes;
    bool  streams, chunked;         /* then pieces */
    compress_stream *z;
} run_work;

typedef enum { RUN_ANSWERED, RUN_HANDLER_ON_LOOP, RUN_HANDLER_ON_WORKER } run_next;

void run_core_init(run_core *k, arena *a, const http_config *cfg, bool with_cache);
void run_core_end(run_core *k);

/* Route and rate. False: the answer is ready (an error, a redirect, OPTIONS). `c` is copied; its arena is the work's. */
bool run_start(run_core *k, run_work *w, const ctx *c, const parse_result *p, str remote, bool tls);
int64_t run_body_limit(const run_core *k, const run_work *w);
run_next run_decide(run_core *k, run_work *w);      /* policy and cache */
void run_handler(run_core *k, run_work *w);         /* inputs, handler or error page, seal */
/* Answers that need no handler. */
void run_fail(run_core *k, run_work *w, err_code code, const char *why);    /* the error page */
void run_refuse(run_core *k, run_work *w, int status, const char *why);     /* plain text: the head made no sense */
bool run_piece(run_work *w, arena *pieces, str *out, bool *more) nodiscard; /* of a stream, framed and coded */
void run_clear(run_work *w);                        /* gives back files, entries and mappings */

/* request.c */
bool request_make(run_work *w, const parse_result *p, str remote, bool tls, const http_config *cfg) nodiscard;
bool request_params(ctx *c, http_req *r) nodiscard;
/* respond.c */
void respond_seal(run_core *k, run_work *w);
bool respond_early_304(run_core *k, run_work *w) nodiscard;   /* what was not looked up, but is known to be unchanged */
#endif
