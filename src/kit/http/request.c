/* request — http_req from a parsed head: the path decoded and split, the
 * language, what form of answer is wanted, who asks; and what handlers call. */
#include <arpa/inet.h>

#include "kit/http/run.h"

static str find_pair(const url_pairs *p, str name)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i].name, name))
            return p->v[i].value;
    return (str){ 0 };
}

str http_param(const http_req *r, const char *name)
{
    return find_pair(&r->params, str_of(name));
}

str http_arg(const http_req *r, const char *name)
{
    return find_pair(&r->args, str_of(name));
}

str http_header(const http_req *r, const char *lower_name)
{
    return find_pair(&r->headers, str_of(lower_name));
}

bool http_arg_int(ctx *c, const http_req *r, const char *name, int64_t absent, int64_t min, int64_t max, int64_t *out)
{
    str v = http_arg(r, name);
    *out = absent;
    if (v.n == 0)
        return true;
    if (!str_to_i64(v, out) || *out < min || *out > max)
        return fail_said(c, INVALID, str_of(name), "“{name}” must be a whole number from {least} to {most}", { "name", str_of(name) },
                         { "least", str_fmt(c->a, "%" PRId64, min) }, { "most", str_fmt(c->a, "%" PRId64, max) });
    return true;
}

static bool bad(run_work *w, const char *what)
{
    return fail_said(&w->c, USAGE, S(""), what);
}

static bool has_control(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return true;
    return false;
}

/* Every segment is decoded apart, so that %2F never makes a new one. An empty segment stands only at
 * the end (a trailing slash); dots do not climb. */
static bool split_path(run_work *w, str raw)
{
    str part, rest = str_from(raw, 1);
    if (rest.n == 0)
        return true;
    while (str_next(&rest, '/', &part)) {
        str s;
        if (!url_decode(w->a, part, false, &s))
            return bad(w, "the address holds a % that is not followed by two hexadecimal digits, or a NUL");
        if (has_control(s) || !utf8_valid(s, NULL))
            return bad(w, "the address is not valid UTF-8 without control characters after decoding");
        if (str_eq(s, S(".")) || str_eq(s, S("..")))
            return bad(w, "the address must not hold the segments . or ..");
        if (s.n == 0 && rest.p != NULL)
            return fail_said(&w->c, NOT_FOUND, S(""), "there is nothing at an address with an empty part (//)");
        list_add(w->a, &w->segments, s);
    }
    return true;
}

/* http://host/path → its host and /path. */
static str path_of_target(run_work *w, const parse_result *p)
{
    url u;
    str t = p->target;
    w->r.host = p->host;
    if (t.p[0] != '/' && url_parse(t, &u)) {
        w->r.host = u.port > 0 ? str_fmt(w->a, "%.*s:%d", S_ARG(u.host), u.port) : u.host;
        str path = u.path.n > 0 ? u.path : S("/");
        t = u.query.n > 0 ? str_fmt(w->a, "%.*s?%.*s", S_ARG(path), S_ARG(u.query)) : path;
    }
    return str_sub(t, 0, str_find_byte(t, '#'));
}

static bool is_address(str s)
{
    char z[64];
    unsigned char out[16];
    if (s.n == 0 || s.n >= sizeof z)
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    return inet_pton(AF_INET, z, out) == 1 || inet_pton(AF_INET6, z, out) == 1;
}

/* The last address of X-Forwarded-For is the one that our proxy saw; those before it are hearsay. */
static void believe_proxy(run_work *w, str proxy)
{
    http_req *r = &w->r;
    if (proxy.n == 0 || !str_eq(r->remote, proxy))
        return;
    str all = { 0 };
    for (size_t i = 0; i < r->headers.n; i++)
        if (str_eq(r->headers.v[i].name, S("x-forwarded-for")))
            all = r->headers.v[i].value;
    size_t comma = str_rfind_byte(all, ',');
    str last = str_trim(comma < all.n ? str_from(all, comma + 1) : all);
    if (is_address(last))
        r->remote = last;
    r->tls = str_ieq(http_header(r, "x-forwarded-proto"), S("https"));
    str id = http_header(r, "x-request-id");
    if (id.n <= 64 && parse_is_token(id))
        w->c.request_id = id;
}

static void choose_language(run_work *w)
{
    str_list *s = &w->segments;
    bool english = s->n > 0 && str_eq(s->v[0], S("en"));
    if (english || (s->n > 0 && str_eq(s->v[0], S("zh")))) { /* /zh: Chinese for browsers that wish for English */
        w->c.lang = english ? LANG_EN : LANG_ZH_HANT;
        w->c.lang_in_path = true;
        s->v++;
        s->n--;
        if (s->n == 1 && s->v[0].n == 0) /* /en/ is the same as /en */
            s->n = 0;
        return;
    }
    w->c.lang = accept_language(http_header(&w->r, "accept-language"));
    w->c.lang_in_path = false;
}

static str joined_path(arena *a, const str_list *segments)
{
    return str_cat(a, S("/"), str_join(a, segments, S("/")));
}

bool request_make(run_work *w, const parse_result *p, str remote, bool tls, const http_config *cfg)
{
    http_req *r = &w->r;
    *r = (http_req){ .method = p->method == HTTP_HEAD ? HTTP_GET : p->method, .head = p->method == HTTP_HEAD,
                     .target = p->target, .headers = p->headers, .remote = remote, .tls = tls, .app = cfg->app };
    w->keep_alive = p->keep_alive;
    w->http10 = p->minor == 0;
    believe_proxy(w, cfg->trusted_proxy);
    w->coding = accept_coding(http_header(r, "accept-encoding"));
    r->wants_json = accept_json(http_header(r, "accept"));
    w->known = true;
    if (str_eq(p->target, S("*"))) {
        r->host = p->host;
        r->path = S("*");
        return true;
    }
    str t = path_of_target(w, p);
    size_t ask = str_find_byte(t, '?');
    r->query = str_from(t, ask + 1);
    r->path = str_sub(t, 0, ask);
    if (!split_path(w, r->path))
        return false;
    choose_language(w);
    r->path = joined_path(w->a, &w->segments);
    return true;
}

static bool read_pairs(ctx *c, str text, url_pairs *out)
{
    if (url_query(c, text, RUN_QUERY_MAX, out))
        return true;
    if (c->err.code == ERR_INVALID)
        c->err.code = ERR_USAGE; /* not a wrong value: not a query at all */
    return false;
}

bool request_params(ctx *c, http_req *r)
{
    return read_pairs(c, r->query, &r->args);
}
