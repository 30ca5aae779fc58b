/* http — requests and responses as handlers see them, and the route table.
 *
 * A handler gets a request whose limits, method, path parameters and query are
 * already checked, and fills a response; it answers false after fail(), and
 * run.c then makes the one error page or the one JSON error. Everything a
 * handler makes lives in c->a until the response is sent. Bodies above 64 KB
 * lie in an unlinked file: body is a
 * mapping of it, body_fd its descriptor (read it with pread for constant memory). */
#ifndef HTTP_H
#define HTTP_H
#include "base.h"
#include "kit/text/url.h"

typedef enum { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_METHODS } http_method;

typedef struct http_route http_route;

typedef struct http_part {              /* of multipart/form-data */
    str name, filename, type, value;    /* value: the bytes, within the body limit */
} http_part;
typedef struct { http_part *v; size_t n, cap; } http_parts;

typedef struct http_req {
    http_method method;                 /* HEAD is shown to handlers as GET */
    bool        head;
    str         target;                 /* as sent */
    str         path;                   /* decoded, without the /en prefix and the .json suffix */
    str         query;                  /* as sent, without the ? */
    url_pairs   args;                   /* the query, decoded, in order */
    url_pairs   params;                 /* {name} parts of the path, decoded */
    url_pairs   headers;                /* names in lower case */
    str         body;
    int         body_fd;                /* > 0: the body is in this file */
    str         host;                   /* Host, or of an absolute target; as sent */
    str         remote;                 /* address of the client (behind a trusted proxy: as it says) */
    bool        tls;
    bool        wants_json;             /* .json, or Accept prefers application/json */
    const http_route *route;
    void       *app;                    /* what http_config.app said */
} http_req;

/* The next piece of a body, ≤ 256 KB a call, asked for when the client has taken the last one. `state` is
 * what the handler made. What a call takes from c->a is given back after its piece is sent; calls may come
 * on different threads, so no database rows stay open between them. When it fails the connection is cut,
 * so that nobody takes a part for the whole. `more` stays true until the last piece. */
typedef bool http_stream(ctx *c, void *state, buf *out, bool *more);

typedef struct http_res {
    int        status;                  /* 0 means 200 */
    str        type;                    /* Content-Type */
    url_pairs  headers;                 /* further ones; values are checked for CR and LF */
    str        body;
    int        fd;                      /* > 0: a file instead of a body, sent by sendfile, closed after */
    int64_t    fd_from, fd_bytes;
    http_stream *stream;                /* else an iterator, chosen before the first byte; chunked */
    void      *stream_state;
    void     (*stream_end)(void *state); /* called once when the answer is over, however it ended; NULL: nothing is held */
    str        etag;                    /* strong; without quotes; run sets it for cached routes */
    int        cache_s;                 /* Cache-Control: max-age; -1: no-store; 0: revalidate */
    bool       any_origin;              /* Access-Control-Allow-Origin: * (public reading APIs) */
} http_res;

typedef bool http_handler(ctx *c, const http_req *r, http_res *w);

typedef enum { HTTP_ON_LOOP, HTTP_ON_WORKER } http_where;
/* CATALOG: the answer depends only on the ledger's sequence, path, query, language and Accept: it is
 * cached in memory, has a strong ETag from these, and a 304 costs no work. ASSET: never changes under
 * its name. NONE: computed each time, no ETag unless the handler sets one. */
typedef enum { HTTP_CACHE_NONE, HTTP_CACHE_CATALOG, HTTP_CACHE_ASSET } http_cache;

struct http_route {
    unsigned      methods;              /* bit per http_method; HEAD comes with GET */
    const char   *path;                 /* "/datasets/{id}"; "{rest*}" takes the remaining segments */
    http_handler *handler;
    int           may;                  /* app's policy action; checked by http_config.allow */
    http_where    where;
    http_cache    cache;
    const char   *name, *summary;       /* for `openshelf routes` and openapi.json */
    const char   *params;               /* "q:text:words to look for|page:int:…", documented query parameters */
    bool          large_body;           /* takes files: `allow` has looked at who sends before the body is read */
};

str  http_param(const http_req *r, const char *name);          /* path; "" when absent */
str  http_arg(const http_req *r, const char *name);            /* query, first; "" when absent */
str  http_header(const http_req *r, const char *lower_name);   /* "" when absent */
bool http_arg_int(ctx *c, const http_req *r, const char *name, int64_t absent, int64_t min, int64_t max,
                  int64_t *out) nodiscard;                     /* INVALID names the field */
void http_head(ctx *c, http_res *w, const char *name, str value);
bool http_redirect(ctx *c, http_res *w, int status, str location);   /* always true */
bool http_body_json(ctx *c, http_res *w, str json_text);       /* 200, application/json; always true */
bool http_body_html(ctx *c, http_res *w, str html_text);       /* always true */
bool http_multipart(ctx *c, const http_req *r, http_parts *out) nodiscard;  /* INVALID, TOO_LARGE */
#endif
