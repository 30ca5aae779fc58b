/* respond — an http_res becomes the bytes of an answer: the head, what stands
 * in every head, conditional and partial answers, compression. */
#include "kit/http/run.h"

#include <unistd.h>

static const url_pair security_headers[] = {
    { S_INIT("Content-Security-Policy"),
      S_INIT("default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
             "form-action 'self'; frame-ancestors 'none'; base-uri 'none'") },
    { S_INIT("X-Content-Type-Options"), S_INIT("nosniff") },
    { S_INIT("Referrer-Policy"), S_INIT("strict-origin-when-cross-origin") },
    { S_INIT("Cross-Origin-Opener-Policy"), S_INIT("same-origin") },
    { S_INIT("Permissions-Policy"), S_INIT("camera=(), geolocation=(), microphone=(), payment=(), usb=()") },
};

static const char *respond_reason(int status)
{
    static const struct { int status; const char *text; } all[] = {
        { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" }, { 206, "Partial Content" },
        { 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" }, { 304, "Not Modified" },
        { 307, "Temporary Redirect" }, { 308, "Permanent Redirect" }, { 400, "Bad Request" },
        { 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
        { 406, "Not Acceptable" }, { 408, "Request Timeout" }, { 409, "Conflict" }, { 410, "Gone" },
        { 411, "Length Required" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" },
        { 414, "URI Too Long" }, { 415, "Unsupported Media Type" }, { 416, "Range Not Satisfiable" },
        { 417, "Expectation Failed" }, { 422, "Unprocessable Content" }, { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" }, { 500, "Internal Server Error" }, { 501, "Not Implemented" },
        { 503, "Service Unavailable" }, { 505, "HTTP Version Not Supported" },
    };
    for (size_t i = 0; i < array_len(all); i++)
        if (all[i].status == status)
            return all[i].text;
    return "Unknown";
}

static void line(buf *o, str name, str value)
{
    buf_add(o, name);
    buf_add(o, S(": "));
    buf_add(o, value);
    buf_add(o, S("\r\n"));
}

static void line_int(buf *o, str name, int64_t v)
{
    buf_add(o, name);
    buf_add(o, S(": "));
    buf_i64(o, v);
    buf_add(o, S("\r\n"));
}

static bool given(const url_pairs *p, str name)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_ieq(p->v[i].name, name))
            return true;
    return false;
}

static void put_caching(buf *o, const run_work *w)
{
    const http_res *s = &w->w;
    bool asset = w->hit.route != NULL && w->hit.route->cache == HTTP_CACHE_ASSET && s->status == 200;
    if (s->cache_s < 0 || s->status >= 400)
        buf_add(o, S("Cache-Control: no-store\r\n"));
    else if (asset)
        buf_fmt(o, "Cache-Control: public, max-age=%d, immutable\r\n", s->cache_s > 0 ? s->cache_s : 31536000);
    else if (s->cache_s > 0)
        buf_fmt(o, "Cache-Control: public, max-age=%d\r\n", s->cache_s);
    else
        buf_add(o, S("Cache-Control: no-cache\r\n"));
    buf_add(o, S("Vary: Accept-Encoding"));
    if (!asset && !s->any_origin)
        buf_add(o, w->c.lang_in_path ? S(", Accept") : S(", Accept, Accept-Language"));
    buf_add(o, S("\r\n"));
}

/* Lines that do not change from one request to the next: cached with the body. */
static str fixed_lines(const run_work *w)
{
    const http_res *s = &w->w;
    buf o = buf_in(w->a);
    (void)buf_room(&o, 1024);
    if (s->type.n > 0)
        line(&o, S("Content-Type"), s->type);
    put_caching(&o, w);
    for (size_t i = 0; i < s->headers.n; i++)
        line(&o, s->headers.v[i].name, s->headers.v[i].value);
    if (s->any_origin)
        buf_add(&o, S("Access-Control-Allow-Origin: *\r\n"
                      "Access-Control-Expose-Headers: ETag, Retry-After, X-Request-Id\r\n"));
    for (size_t i = 0; i < array_len(security_headers); i++)
        if (!given(&s->headers, security_headers[i].name))
            line(&o, security_headers[i].name, security_headers[i].value);
    return buf_str(&o);
}

static void put_moving(buf *o, const run_work *w)
{
    line(o, S("Date"), w->date);
    line(o, S("X-Request-Id"), w->c.request_id);
    if (w->rate.limit > 0) {
        line_int(o, S("X-RateLimit-Limit"), w->rate.limit);
        line_int(o, S("X-RateLimit-Remaining"), w->rate.remaining);
        line_int(o, S("X-RateLimit-Reset"), w->rate.reset_s);
    }
    if (w->r.tls)
        buf_add(o, S("Strict-Transport-Security: max-age=31536000\r\n"));
    if (!w->keep_alive)
        buf_add(o, S("Connection: close\r\n"));
    else if (w->http10)
        buf_add(o, S("Connection: keep-alive\r\n"));
    buf_add(o, S("\r\n"));
}

typedef struct {
    str fixed, tag;               /* tag: without quotes and coding; empty: none */
    int64_t length;               /* -1: not known (pieces) */
    int64_t from, whole;          /* of a part */
} shape;

static str tag_with(arena *a, str base, accept_encoding e)
{
    static const char *const ends[] = { "", "-g", "-z" };
    buf o = buf_in(a);
    (void)buf_room(&o, base.n + 4);
    buf_byte(&o, '"');
    buf_add(&o, base);
    buf_add(&o, str_of(ends[e]));
    buf_byte(&o, '"');
    return buf_str(&o);
}

static void put_head(run_work *w, const shape *h, accept_encoding coding)
{
    buf o = buf_in(w->a);
    (void)buf_room(&o, h->fixed.n + 512);
    buf_add(&o, S("HTTP/1.1 "));
    buf_i64(&o, w->status);
    buf_byte(&o, ' ');
    buf_add(&o, str_of(respond_reason(w->status)));
    buf_add(&o, S("\r\n"));
    buf_add(&o, h->fixed);
    if (h->tag.n > 0)
        line(&o, S("ETag"), tag_with(w->a, h->tag, coding));
    if (coding != ACCEPT_IDENTITY && w->status != 304)
        line(&o, S("Content-Encoding"), str_of(accept_coding_name(coding)));
    if (w->status == 206)
        buf_fmt(&o, "Content-Range: bytes %" PRId64 "-%" PRId64 "/%" PRId64 "\r\n", h->from, h->from + h->length - 1,
                h->whole);
    else if (w->status == 416)
        buf_fmt(&o, "Content-Range: bytes */%" PRId64 "\r\n", h->whole);
    if (w->chunked) {
        buf_add(&o, S("Transfer-Encoding: chunked\r\n"));
    } else if (h->length >= 0 && w->status != 204 && w->status != 304) {
        line_int(&o, S("Content-Length"), h->length);
    }
    put_moving(&o, w);
    w->head = buf_str(&o);
    w->ready = true;
}

static void drop_body(run_work *w)
{
    if (w->fd > 0)
        close(w->fd);
    w->fd = 0;
    w->body = (str){ 0 };
    w->streams = false;
}

/* Does the client have this already? Answers 304 then. Any of the forms counts: all are of this state. */
static bool not_modified(run_work *w, const shape *h)
{
    str list = http_header(&w->r, "if-none-match");
    if (list.n == 0 || h->tag.n == 0 || w->status != 200 || w->r.method != HTTP_GET)
        return false;
    accept_encoding had = ACCEPT_IDENTITY;
    while (had < ACCEPT_ENCODINGS && !accept_etag(list, tag_with(w->a, h->tag, had), true))
        had++;
    if (had == ACCEPT_ENCODINGS)
        return false;
    drop_body(w);
    w->status = 304;
    put_head(w, h, had);
    return true;
}

/* A part is cut from the plain form only. */
static bool wants_part(const run_work *w, const shape *h)
{
    if (w->r.method != HTTP_GET || w->r.head || w->status != 200 || h->length < 0
        || http_header(&w->r, "range").n == 0)
        return false;
    str condition = http_header(&w->r, "if-range");
    return condition.n == 0 || (h->tag.n > 0 && accept_etag(condition, tag_with(w->a, h->tag, ACCEPT_IDENTITY), false));
}

static bool cut_part(run_work *w, shape *h)
{
    int64_t from = 0, bytes = 0;
    h->whole = h->length;
    switch (accept_range(http_header(&w->r, "range"), h->length, &from, &bytes)) {
    case ACCEPT_WHOLE:
        return false;
    case ACCEPT_NO_PART:
        drop_body(w);
        w->status = 416;
        h->length = 0;
        break;
    case ACCEPT_PART:
        w->status = 206;
        h->from = from;
        h->length = bytes;
        if (w->fd > 0) {
            w->fd_from += from;
            w->fd_bytes = bytes;
        } else {
            w->body = str_sub(w->body, (size_t)from, (size_t)(from + bytes));
        }
        break;
    }
    put_head(w, h, ACCEPT_IDENTITY);
    return true;
}

static void send_it(run_work *w, const shape *h, accept_encoding coding)
{
    put_head(w, h, coding);
    if (w->r.head || w->status == 204)
        drop_body(w);
}

static void seal_entry(run_core *k, run_work *w, str tag)
{
    accept_encoding coding = w->coding;
    shape h = { .fixed = cache_head(w->entry), .tag = tag };
    if (not_modified(w, &h))
        return;
    accept_encoding plain = ACCEPT_IDENTITY;
    w->body = cache_body(k->cache, w->entry, &plain);
    h.length = (int64_t)w->body.n;
    if (wants_part(w, &h) && cut_part(w, &h))
        return;
    w->body = cache_body(k->cache, w->entry, &coding);
    h.length = (int64_t)w->body.n;
    send_it(w, &h, coding);
}

static void seal_stream(run_work *w, shape *h, accept_encoding coding)
{
    h->length = -1;
    w->streams = true;
    w->chunked = !w->http10;
    if (w->http10)
        w->keep_alive = false; /* the end of the connection is the end of the body */
    if (coding != ACCEPT_IDENTITY && !w->r.head)
        w->z = compress_open(coding);
    send_it(w, h, coding);
}

static void seal_plain(run_work *w)
{
    const http_res *s = &w->w;
    shape h = { .fixed = fixed_lines(w), .tag = s->etag };
    bool compress = w->coding != ACCEPT_IDENTITY && compress_worth(s->type) && !given(&s->headers, S("Content-Encoding"));
    w->fd = s->fd;
    w->fd_from = s->fd_from;
    w->fd_bytes = s->fd_bytes;
    w->body = s->body;
    if (not_modified(w, &h))
        return;
    if (s->stream != NULL) {
        seal_stream(w, &h, compress ? w->coding : ACCEPT_IDENTITY);
        return;
    }
    h.length = w->fd > 0 ? w->fd_bytes : (int64_t)w->body.n;
    if (wants_part(w, &h) && cut_part(w, &h))
        return;
    accept_encoding coding = ACCEPT_IDENTITY;
    if (compress && w->fd <= 0) {
        str small = compress_body(w->coding, w->body);
        if (small.p != NULL) {
            coding = w->coding;
            w->body = str_dup(w->a, small);
            h.length = (int64_t)small.n;
            mem_free((void *)(uintptr_t)small.p);
        }
    }
    send_it(w, &h, coding);
}

/* Quoted by whoever writes it. All nodes of a site make the same one. */
static str tag_of(const run_core *k, const run_work *w)
{
    buf o = buf_in(w->a);
    buf_hex_u64(&o, k->build & 0xffffffffu, 8);
    buf_byte(&o, '-');
    buf_hex_u64(&o, w->version, 1);
    buf_byte(&o, '-');
    buf_hex_u64(&o, str_hash(w->key), 16);
    return buf_str(&o);
}

void respond_seal(run_core *k, run_work *w)
{
    http_res *s = &w->w;
    if (w->entry != NULL) {
        w->status = 200;
        seal_entry(k, w, tag_of(k, w));
        return;
    }
    if (s->status == 0)
        s->status = 200;
    w->status = s->status;
    bool keep = w->key.n > 0 && s->status == 200 && s->fd <= 0 && s->stream == NULL && s->cache_s >= 0;
    if (keep && s->etag.n == 0)
        s->etag = tag_of(k, w);
    if (keep && k->cache != NULL)
        w->entry = cache_add(k->cache, w->key, w->version, fixed_lines(w), s->body, compress_worth(s->type));
    if (w->entry != NULL)
        seal_entry(k, w, tag_of(k, w));
    else
        seal_plain(w);
}

bool respond_early_304(run_core *k, run_work *w)
{
    str list = http_header(&w->r, "if-none-match");
    if (list.n == 0 || str_eq(list, S("*")))
        return false;
    /* Without the answer its own lines are not known; these are right for every catalogue answer. */
    shape h = { .tag = tag_of(k, w),
                .fixed = S("Cache-Control: no-cache\r\nVary: Accept-Encoding, Accept, Accept-Language\r\n"
                           "Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n") };
    w->status = 200;
    if (not_modified(w, &h))
        return true;
    w->status = 0;
    return false;
}
