/* fetch — the one HTTP client, with its guard. Whatever asks another machine
 * for something (distributions, harvests, webhooks) goes through here.
 *
 * Guard (requirement D1; the field's SSRF faults): http and https only; no
 * user names in addresses; the address is judged when a connection is made,
 * for every hop and every answer of the resolver, so a name that changes its
 * mind or a redirect gains nothing; no proxy of the environment, no cookies,
 * certificates are verified; size, time, redirects and idle time are limited.
 *
 * Bytes come as they were sent (no Accept-Encoding), so that their hash is the
 * publisher's. Errors: INVALID (the address), FORBIDDEN (the guard), NOT_FOUND
 * (404, 410), TOO_LARGE, TIMEOUT, BUSY (429, 503), IO; messages name the host
 * and never the query, which can hold keys. */
#ifndef FETCH_H
#define FETCH_H
#include "base.h"

struct sockaddr;

typedef struct {
    str  url;
    bool allow_private;         /* loopback and private networks may be reached, and any port */
    int64_t most_bytes;         /* of the body; 0: 1 GiB */
    int64_t enough_bytes;       /* the first bytes alone are wanted: the answer ends well when so many have come; 0: all */
    bool head;                  /* HEAD: what would be sent, without a body */
    int  timeout_s;             /* of the whole; 0: 600 */
    str  agent;                 /* in the brackets of the User-Agent: who asks, and why; empty: an open data platform */
    str  etag, last_modified;   /* of what is there: the answer may then be `unchanged` */
    void *to;
    bool (*bytes)(ctx *c, void *to, str piece);                           /* the body of the last answer */
    bool (*progress)(ctx *c, void *to, int64_t done, int64_t all);        /* may be NULL; all 0: not known */
} fetch_request;

typedef struct {
    int  status;
    bool unchanged;             /* 304 */
    bool reached;               /* a connection was made, whatever came of it */
    str  url;                   /* where the redirects led */
    str  type, etag, last_modified, filename;   /* as said; filename without any path */
    int64_t bytes;
} fetch_answer;

bool fetch_get(ctx *c, const fetch_request *r, fetch_answer *out) nodiscard;

/* The guard's rule: an address of the public internet. */
bool fetch_is_public(const struct sockaddr *a);
#endif
