/* loopback — a request without a socket, for tests: the same route, rate,
 * policy, handler, error page and seal as over a connection, without the cache. */
#include "kit/http/run.h"

#include <unistd.h>

static const struct { const char *name; http_method m; } methods[] = {
    { "GET", HTTP_GET }, { "HEAD", HTTP_HEAD }, { "POST", HTTP_POST }, { "PUT", HTTP_PUT },
    { "PATCH", HTTP_PATCH }, { "DELETE", HTTP_DELETE }, { "OPTIONS", HTTP_OPTIONS },
};

static bool make_head(ctx *c, str method, str target, const url_pairs *headers, parse_result *p)
{
    *p = (parse_result){ .minor = 1, .target = target, .host = S("localhost"), .keep_alive = true };
    size_t m = 0;
    while (m < array_len(methods) && !str_eq(method, str_of(methods[m].name)))
        m++;
    if (m == array_len(methods) || target.n == 0 || target.p[0] != '/')
        return fail(c, USAGE, "a loopback request needs a known method and a target that begins with /");
    p->method = methods[m].m;
    for (size_t i = 0; headers != NULL && i < headers->n; i++) {
        url_pair h = { str_lower(c->a, headers->v[i].name), headers->v[i].value };
        list_add(c->a, &p->headers, h);
        if (str_eq(h.name, S("host")))
            p->host = h.value;
    }
    return true;
}

/* The body as the client would get it, streams and files read to their end. */
static bool collect(ctx *c, run_work *w, str *out)
{
    buf o = buf_in(c->a);
    buf_add(&o, w->body);
    while (w->fd > 0 && w->fd_bytes > 0) {
        char piece[65536];
        size_t want = w->fd_bytes < (int64_t)sizeof piece ? (size_t)w->fd_bytes : sizeof piece;
        ssize_t n = pread(w->fd, piece, want, w->fd_from);
        if (n <= 0)
            return fail(c, IO, "the file of an answer ended early");
        buf_add(&o, (str){ piece, (size_t)n });
        w->fd_from += n;
        w->fd_bytes -= n;
    }
    w->chunked = false;
    for (bool more = w->streams; more;) {
        str piece;
        arena *a = arena_new(65536);
        bool ok = run_piece(w, a, &piece, &more);
        if (ok)
            buf_add(&o, piece);
        arena_free(a);
        if (!ok)
            return fail(c, IO, "the stream of an answer failed: %.*s", S_ARG(w->c.err.message));
    }
    *out = buf_str(&o);
    return buf_fits(&o) || fail(c, TOO_LARGE, "the answer is too large for a loopback request");
}

/* The head is read back, so that a test sees what a client would. */
static void read_head(arena *a, str head, http_res *out)
{
    str line;
    bool first = true;
    while (str_cut(head, S("\r\n"), &line, &head) && line.n > 0) {
        url_pair h;
        if (!first && str_cut(line, S(": "), &h.name, &h.value))
            list_add(a, &out->headers, h);
        first = false;
    }
    for (size_t i = 0; i < out->headers.n; i++) {
        url_pair *h = &out->headers.v[i];
        if (str_ieq(h->name, S("Content-Type")))
            out->type = h->value;
        if (str_ieq(h->name, S("ETag")) && h->value.n >= 2)
            out->etag = str_sub(h->value, 1, h->value.n - 1);
    }
}

static void answer(run_core *k, run_work *w, const ctx *c, const parse_result *p, str body)
{
    if (!run_start(k, w, c, p, S("127.0.0.1"), false) || run_decide(k, w) == RUN_ANSWERED)
        return;
    if ((int64_t)body.n > run_body_limit(k, w)) {
        run_fail(k, w, ERR_TOO_LARGE, "the body of the request is larger than this address takes");
        return;
    }
    w->r.body = body;
    run_handler(k, w);
}

bool http_loopback(ctx *c, const http_config *cfg, str method, str target, const url_pairs *headers, str body,
                   http_res *out)
{
    parse_result p;
    run_core k;
    run_work w = { .a = c->a, .date = day_http(c->a, day_now_ms()) };
    if (!make_head(c, method, target, headers, &p))
        return false;
    ctx mine = *c;
    if (mine.request_id.n == 0)
        mine.request_id = S("loopback");
    run_core_init(&k, c->a, cfg, false);
    answer(&k, &w, &mine, &p, body);
    *out = (http_res){ .status = w.status, .any_origin = w.w.any_origin, .cache_s = w.w.cache_s };
    read_head(c->a, w.head, out);
    bool ok = collect(c, &w, &out->body);
    run_clear(&w);
    run_core_end(&k);
    return ok;
}
