#include "kit/http/run.h"

#include <sys/mman.h>
#include <unistd.h>

static int or_default(int given, int otherwise)
{
    return given > 0 ? given : otherwise;
}

void run_core_init(run_core *k, arena *a, const http_config *cfg, bool with_cache)
{
    *k = (run_core){ .cfg = *cfg };
    http_config *f = &k->cfg;
    f->head_bytes = or_default(f->head_bytes, 16384);
    f->head_ms = or_default(f->head_ms, 10000);
    f->body_ms = or_default(f->body_ms, 20000);
    f->idle_ms = or_default(f->idle_ms, 60000);
    f->write_ms = or_default(f->write_ms, 30000);
    f->work_ms = or_default(f->work_ms, 30000);
    f->connections = or_default(f->connections, 10000);
    f->queue = or_default(f->queue, 1024);
    f->body_bytes = f->body_bytes > 0 ? f->body_bytes : 1 << 20;
    f->large_body_bytes = f->large_body_bytes > 0 ? f->large_body_bytes : 1 << 30;
    k->router = router_make(a, f->routes, f->route_count);
    k->build = str_hash(f->build_id);
    if (with_cache && f->cache_bytes > 0)
        k->cache = cache_new(f->cache_bytes);
    if (f->rate_per_s > 0)
        k->rate = rate_new(f->rate_per_s, f->rate_burst > 0 ? f->rate_burst : f->rate_per_s * 2);
}

void run_core_end(run_core *k)
{
    cache_free(k->cache);
    rate_free(k->rate);
}

void http_head(ctx *c, http_res *w, const char *name, str value)
{
    /* A CR or LF would begin a new header: it can only come from data that was not encoded. */
    if (str_find_byte(value, '\r') < value.n || str_find_byte(value, '\n') < value.n || str_find_byte(value, 0) < value.n)
        value = url_safe(c->a, value);
    list_add(c->a, &w->headers, (url_pair){ str_of(name), value });
}

bool http_redirect(ctx *c, http_res *w, int status, str location)
{
    w->status = status;
    http_head(c, w, "Location", url_safe(c->a, location));
    return true;
}

bool http_body_json(ctx *c, http_res *w, str json_text)
{
    (void)c;
    w->type = S("application/json; charset=utf-8");
    w->body = json_text;
    return true;
}

bool http_body_html(ctx *c, http_res *w, str html_text)
{
    (void)c;
    w->type = S("text/html; charset=utf-8");
    w->body = html_text;
    return true;
}

/* --- errors --- */

static void log_error(const run_work *w, int status)
{
    const err *e = &w->c.err;
    if (status < 500 || e->code == ERR_BUSY)
        return;
    log_line(LOG_ERROR, "request failed", log_s("request", w->c.request_id), log_s("path", w->r.path),
             log_s("code", str_of(err_name(e->code))), log_s("error", e->message), log_s("detail", e->detail),
             log_s("at", str_of(e->file)), log_i("line", e->line));
}

static str allow_list(arena *a, unsigned methods)
{
    static const char *const names[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
    buf o = buf_in(a);
    for (int m = 0; m < HTTP_METHODS; m++)
        if (((methods | 1u << HTTP_OPTIONS) & 1u << m) != 0)
            buf_fmt(&o, "%s%s", o.n > 0 ? ", " : "", names[m]);
    return buf_str(&o);
}

static void plain_error(run_work *w, str why)
{
    w->w.type = S("text/plain; charset=utf-8");
    w->w.body = str_cat(w->a, why, S("\n"));
}

/* What the handler holds for its answer is given back, once. */
static void let_go(http_res *r)
{
    if (r->fd > 0)
        close(r->fd);
    if (r->stream_end != NULL)
        r->stream_end(r->stream_state);
    *r = (http_res){ .any_origin = r->any_origin };
}

/* From c.err to the one error page (or JSON) and its headers. */
static void make_error_page(run_core *k, run_work *w)
{
    if (w->c.err.code == ERR_OK)
        (void)fail(&w->c, INTERNAL, "the handler refused without a reason");
    int status = err_http(w->c.err.code);
    log_error(w, status);
    let_go(&w->w);
    err_code code = w->c.err.code;
    str why = w->c.err.message.n > 0 ? w->c.err.message : str_of(err_text(code));
    if (k->cfg.error == NULL || !k->cfg.error(k->cfg.app, &w->c, &w->r, &w->w)) {
        let_go(&w->w);
        plain_error(w, why);
    }
    if (w->w.status == 0)
        w->w.status = status;
    w->w.cache_s = -1;
    if (w->allow != 0)
        http_head(&w->c, &w->w, "Allow", allow_list(w->a, w->allow));
    if (code == ERR_RATE)
        http_head(&w->c, &w->w, "Retry-After", str_fmt(w->a, "%d", w->rate.retry_s));
    else if (code == ERR_BUSY || code == ERR_TIMEOUT)
        http_head(&w->c, &w->w, "Retry-After", S("2"));
}

static void answer_error(run_core *k, run_work *w)
{
    w->key = (str){ 0 };
    make_error_page(k, w);
    respond_seal(k, w);
}

void run_refuse(run_core *k, run_work *w, int status, const char *why)
{
    w->w = (http_res){ .status = status, .cache_s = -1 };
    w->keep_alive = false;
    plain_error(w, str_of(why));
    respond_seal(k, w);
}

void run_fail(run_core *k, run_work *w, err_code code, const char *why)
{
    err_clear(&w->c);
    (void)err_say(&w->c, code, (str){ 0 }, __FILE__, __LINE__, why, NULL, 0);
    answer_error(k, w);
}

/* --- route and rate --- */

static bool redirect_without_slash(run_work *w)
{
    str target = w->r.target;
    if (target.p[0] != '/') {
        url u;
        target = url_parse(target, &u) ? u.path : S("/");
    }
    str path = str_sub(target, 0, str_find_byte(target, '?'));
    str query = w->r.query;
    str to = query.n > 0 ? str_fmt(w->a, "%.*s?%.*s", (int)path.n - 1, path.p, S_ARG(query))
                         : str_sub(path, 0, path.n - 1);
    w->w.cache_s = 3600;
    return !http_redirect(&w->c, &w->w, w->r.method == HTTP_GET ? 301 : 308, to);
}

/* x.json is x as JSON, unless a route names x.json itself. */
static void try_json_suffix(run_core *k, run_work *w)
{
    str_list *s = &w->segments;
    if (s->n == 0 || (w->hit.route != NULL && w->hit.exact_end))
        return;
    str last = s->v[s->n - 1];
    if (last.n <= 5 || !str_ends(last, S(".json")))
        return;
    router_hit without;
    s->v[s->n - 1] = str_sub(last, 0, last.n - 5);
    router_find(k->router, w->a, s, w->r.method, &without);
    if (without.route == NULL) {
        s->v[s->n - 1] = last;
        return;
    }
    w->hit = without;
    w->r.wants_json = true;
    w->r.path = str_sub(w->r.path, 0, w->r.path.n - 5);
}

static bool answer_options(run_work *w, unsigned methods)
{
    str list = allow_list(w->a, methods);
    w->w.status = 204;
    w->w.cache_s = 0;
    w->w.any_origin = true;
    http_head(&w->c, &w->w, "Allow", list);
    http_head(&w->c, &w->w, "Access-Control-Allow-Methods", list);
    http_head(&w->c, &w->w, "Access-Control-Allow-Headers", S("Authorization, *"));
    http_head(&w->c, &w->w, "Access-Control-Max-Age", S("86400"));
    return false;
}

/* True: there is a route. False: w holds an error or an answer. */
static bool find_route(run_core *k, run_work *w)
{
    str_list *s = &w->segments;
    if (str_eq(w->r.path, S("*")))
        return answer_options(w, (1u << HTTP_METHODS) - 1);
    bool slash = s->n > 0 && s->v[s->n - 1].n == 0;
    if (slash)
        s->n--;
    router_find(k->router, w->a, s, w->r.method, &w->hit);
    try_json_suffix(k, w);
    if (w->hit.methods == 0)
        return fail_said(&w->c, NOT_FOUND, S(""), "there is nothing at this address");
    if (slash)
        return redirect_without_slash(w);
    if (w->hit.route != NULL) {
        w->r.params = w->hit.params;
        w->r.route = w->hit.route;
        return true;
    }
    if (w->r.method == HTTP_OPTIONS)
        return answer_options(w, w->hit.methods);
    w->allow = w->hit.methods;
    return fail_said(&w->c, METHOD, S(""), "this address does not take that method");
}

static bool take_rate(run_core *k, run_work *w)
{
    if (k->rate == NULL)
        return true;
    rate_take(k->rate, w->r.remote, day_now_mono_ms(), &w->rate);
    if (w->rate.ok)
        return true;
    err_clear(&w->c); /* what is wrong with the request does not matter now */
    return fail_said(&w->c, RATE, S(""), "this address has asked too often; wait {n} s",
                     { "n", str_fmt(w->a, "%d", w->rate.retry_s) });
}

bool run_start(run_core *k, run_work *w, const ctx *c, const parse_result *p, str remote, bool tls)
{
    w->c = *c;
    w->c.a = w->a;
    w->c.err = (err){ 0 };
    bool ok = request_make(w, p, remote, tls, &k->cfg) && find_route(k, w);
    bool told = !ok && w->w.status != 0; /* a redirect or OPTIONS: no error */
    if (!take_rate(k, w)) /* what is refused counts too */
        ok = told = false;
    if (!ok && !told)
        answer_error(k, w);
    else if (told)
        respond_seal(k, w);
    return ok;
}

int64_t run_body_limit(const run_core *k, const run_work *w)
{
    return w->hit.route != NULL && w->hit.route->large_body ? k->cfg.large_body_bytes : k->cfg.body_bytes;
}

/* --- policy, cache, handler --- */

static str key_of(const run_core *k, const run_work *w)
{
    buf o = buf_in(w->a);
    buf_byte(&o, (char)('0' + w->c.lang * 4 + w->c.lang_in_path * 2 + w->r.wants_json));
    if (!k->cfg.one_host) {
        buf_add(&o, w->r.host);
        buf_byte(&o, w->r.tls ? '\2' : '\1');
    }
    buf_add(&o, w->r.path);
    buf_byte(&o, '?');
    buf_add(&o, w->r.query);
    return buf_str(&o);
}

run_next run_decide(run_core *k, run_work *w)
{
    const http_route *route = w->hit.route;
    if (k->cfg.allow != NULL && !k->cfg.allow(k->cfg.app, &w->c, &w->r)) {
        answer_error(k, w);
        return RUN_ANSWERED;
    }
    if (route->cache != HTTP_CACHE_NONE && w->r.method == HTTP_GET) {
        w->key = key_of(k, w);
        if (route->cache == HTTP_CACHE_CATALOG && k->cfg.version != NULL)
            w->version = k->cfg.version(k->cfg.app);
        if (k->cache != NULL)
            w->entry = cache_find(k->cache, w->key, w->version);
        w->hit_cache = w->entry != NULL;
        if (w->hit_cache) {
            respond_seal(k, w);
            return RUN_ANSWERED;
        }
        if (respond_early_304(k, w))
            return RUN_ANSWERED;
    }
    bool may_block = k->cfg.loop_may_block == NULL || k->cfg.loop_may_block(k->cfg.app);
    return route->where == HTTP_ON_LOOP && may_block ? RUN_HANDLER_ON_LOOP : RUN_HANDLER_ON_WORKER;
}

void run_handler(run_core *k, run_work *w)
{
    w->c.deadline_ms = day_now_mono_ms() + k->cfg.work_ms;
    if (!request_params(&w->c, &w->r) || !w->hit.route->handler(&w->c, &w->r, &w->w)) {
        answer_error(k, w);
        return;
    }
    /* The catalogue moved on while the handler looked: what it saw is neither state for certain. */
    if (w->key.n > 0 && w->hit.route->cache == HTTP_CACHE_CATALOG && k->cfg.version != NULL
        && k->cfg.version(k->cfg.app) != w->version)
        w->key = (str){ 0 };
    respond_seal(k, w);
}

static void frame_piece(const run_work *w, arena *pieces, str data, bool last, str *out)
{
    if (!w->chunked) {
        *out = data;
        return;
    }
    buf o = buf_in(pieces);
    (void)buf_room(&o, data.n + 32);
    if (data.n > 0) {
        buf_fmt(&o, "%zx\r\n", data.n);
        buf_add(&o, data);
        buf_add(&o, S("\r\n"));
    }
    if (last)
        buf_add(&o, S("0\r\n\r\n"));
    *out = buf_str(&o);
}

bool run_piece(run_work *w, arena *pieces, str *out, bool *more)
{
    ctx c = w->c;
    c.a = pieces;
    buf plain = buf_in(pieces);
    *more = false;
    if (!w->w.stream(&c, w->w.stream_state, &plain, more) || plain.over) {
        w->c.err = c.err;
        w->c.err.message = str_dup(w->a, c.err.message);
        w->c.err.detail = str_dup(w->a, c.err.detail);
        log_error(w, 500);
        return false;
    }
    str data = buf_str(&plain);
    if (w->z != NULL) {
        buf coded = buf_in(pieces);
        if (!compress_piece(w->z, data, !*more, &coded))
            return false;
        data = buf_str(&coded);
    }
    frame_piece(w, pieces, data, !*more, out);
    return true;
}

void run_clear(run_work *w)
{
    if (w->fd > 0)
        close(w->fd);
    if (w->w.stream_end != NULL)
        w->w.stream_end(w->w.stream_state);
    if (w->r.body_fd > 0) {
        if (w->r.body.n > 0)
            munmap((void *)(uintptr_t)w->r.body.p, w->r.body.n);
        close(w->r.body_fd);
    }
    compress_close(w->z);
    cache_release(w->entry);
    *w = (run_work){ .a = w->a };
}
