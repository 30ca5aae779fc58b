/* ckan_call — one call of an action: from the request to the envelope. */
#include "app/ckan_api/ckan.h"
#include "app/routes.h"
#include "app/shell/shell.h"

#define WHOLE_MOST 100              /* more packages than these are sent as they are read */
#define PIECE_BYTES ((size_t)128 << 10)
#define PIECE_ROWS 16
#define UPSERT_BYTES (8 << 20)        /* JSON in memory takes several times its bytes */

bool ckan_refuse(ckan_call *k, ckan_refusal what, str field, str message)
{
    k->refusal = what;
    k->field = field;
    k->message = message;
    return false;
}

bool ckan_missing(ckan_call *k, const char *field)
{
    return ckan_refuse(k, CKAN_VALIDATION, str_of(field), S("Missing value"));
}

bool ckan_unknown(ctx *c, ckan_call *k, const char *what, str key)
{
    return ckan_refuse(k, CKAN_NOT_FOUND, (str){ 0 }, str_fmt(c->a, "%s “%.*s” was not found", what, S_ARG(utf8_cut(key, 100))));
}

str ckan_address(ctx *c, const ckan_call *k, str path)
{
    return link_absolute(c, k->r, path);
}

/* --- answers --- */

static bool send_json(http_res *w, int status, str body)
{
    w->status = status;
    w->type = S("application/json;charset=utf-8");
    w->body = body;
    w->any_origin = true;
    w->cache_s = status == 200 ? 0 : -1;
    return true;
}

/* What is no call at all is answered with a bare string, as CKAN does. */
static bool bad_request(ctx *c, http_res *w, str why)
{
    buf b = buf_in(c->a);
    json_quote(&b, str_cat(c->a, S("Bad request: "), why));
    return send_json(w, 400, buf_str(&b));
}

static void open_envelope(ctx *c, const ckan_call *k, json_w *j, bool success)
{
    json_obj(j);
    json_kv(j, "help", ckan_address(c, k, str_cat(c->a, S("/api/3/action/help_show?name="), str_of(k->action->name))));
    json_kv(j, "success", success);
}

/* Errors of the subjects below, as CKAN calls them. False: it is none of these. */
static bool refusal_of_error(ctx *c, ckan_call *k)
{
    static const struct { err_code code; ckan_refusal what; } kinds[] = {
        { ERR_INVALID, CKAN_VALIDATION }, { ERR_USAGE, CKAN_VALIDATION }, { ERR_NOT_FOUND, CKAN_NOT_FOUND },
        { ERR_GONE, CKAN_NOT_FOUND }, { ERR_FORBIDDEN, CKAN_DENIED },
    };
    for (size_t i = 0; k->refusal == CKAN_FINE && i < array_len(kinds); i++)
        if (kinds[i].code == c->err.code) {
            k->refusal = kinds[i].what;
            k->field = c->err.field.n > 0 ? c->err.field : S("message");
            k->message = c->err.message;
            err_clear(c);
        }
    return k->refusal != CKAN_FINE;
}

static bool send_refusal(ctx *c, ckan_call *k, http_res *w)
{
    static const struct { int status; const char *type, *before; } kinds[] = {
        [CKAN_VALIDATION] = { 409, "Validation Error", "" },
        [CKAN_DENIED] = { 403, "Authorization Error", "Access denied: " },
        [CKAN_NOT_FOUND] = { 404, "Not Found Error", "Not found: " },
        [CKAN_QUERY] = { 400, "Search Query Error", "Search Query is invalid: " },
        [CKAN_SEARCH] = { 409, "Search Error", "Search error: " },
    };
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    open_envelope(c, k, &j, false);
    json_key(&j, S("error"));
    json_obj(&j);
    json_kv(&j, "__type", kinds[k->refusal].type);
    if (k->refusal == CKAN_VALIDATION) {
        json_key(&j, k->field);
        json_arr(&j);
        json_str(&j, k->message);
        json_end(&j);
        if (k->more.n > 0) {
            buf_byte(&b, ',');
            buf_add(&b, k->more);
        }
    } else {
        json_kv(&j, "message", str_cat(c->a, str_of(kinds[k->refusal].before), k->message));
    }
    json_end(&j);
    json_end(&j);
    return send_json(w, kinds[k->refusal].status, buf_str(&b));
}

/* --- packages or rows behind the rest --- */

typedef struct {
    str           head, tail;      /* tail: of JSONP */
    ckan_packages packages;
    table_stream *rows;
    bool          over;            /* everything was put */
    size_t        at;
    json_w        j;
} following;

static void end_following(void *state)
{
    following *f = state;
    if (f->rows != NULL)
        table_stream_end(f->rows);
    f->rows = NULL;
}

static bool put_following(ctx *c, following *f, buf *out, size_t bytes)
{
    bool more = false;
    f->j.o = out;
    if (f->rows != NULL && !table_stream_next(c, f->rows, out, &more))
        return false;
    while (f->at < f->packages.n && out->n < bytes) {
        size_t to = f->at + PIECE_ROWS < f->packages.n ? f->at + PIECE_ROWS : f->packages.n;
        if (!ckan_packages_put(c, &f->j, &f->packages, f->at, to))
            return false;
        f->at = to;
    }
    f->over = f->at == f->packages.n && !more;
    if (f->over) {
        while (f->j.depth > 0)
            json_end(&f->j);
        buf_add(out, f->tail);
    }
    return true;
}

static bool stream_following(ctx *c, void *state, buf *out, bool *more)
{
    following *f = state;
    buf_add(out, f->head);
    f->head = (str){ 0 };
    bool fine = put_following(c, f, out, PIECE_BYTES);
    *more = !f->over;
    return fine;
}

/* --- JSONP --- */

static bool is_callback(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '_' || s.p[i] == '$'
              || (i > 0 && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.'))))
            return false;
    return s.n > 0 && s.n <= 100;
}

static bool answer(ctx *c, ckan_call *k, http_res *w, str callback)
{
    buf b = buf_in(c->a);
    if (callback.n > 0) {
        buf_add(&b, callback);
        buf_byte(&b, '(');
    }
    following *f = new (c->a, following);
    f->tail = callback.n > 0 ? S(");") : (str){ 0 };
    f->j = json_to(&b);
    open_envelope(c, k, &f->j, true);
    json_key(&f->j, S("result"));
    if (!k->action->read(c, k, &f->j))
        return refusal_of_error(c, k) && send_refusal(c, k, w);
    f->packages = k->packages;
    f->rows = k->rows;
    bool streams = f->packages.n > WHOLE_MOST;
    bool fine = streams || put_following(c, f, &b, SIZE_MAX);
    streams = fine && !f->over;
    f->head = buf_str(&b);
    if (!streams)
        end_following(f);
    if (!fine)
        return false;
    if (!buf_fits(&b))
        return fail(c, TOO_LARGE, "this answer would be too large; ask for fewer rows");
    (void)send_json(w, 200, streams ? (str){ 0 } : buf_str(&b));
    if (callback.n > 0)
        w->type = S("application/javascript;charset=utf-8");
    if (k->timed)
        w->cache_s = -1;
    if (streams) {
        w->stream = stream_following;
        w->stream_state = f;
        w->stream_end = end_following;
    }
    return true;
}

static bool call(ctx *c, const http_req *r, http_res *w, str name)
{
    ckan_call k = { .r = r, .action = ckan_action_named(name) };
    str problem = { 0 }, callback = r->method == HTTP_GET ? http_arg(r, "callback") : (str){ 0 };
    if (k.action == NULL)
        return bad_request(c, w, str_cat(c->a, S("Action name not known: "), utf8_cut(name, 100)));
    if (r->method == HTTP_GET && k.action->writes)
        return bad_request(c, w, S("JSON Error: Invalid request. Please use POST method for your request"));
    if (callback.n > 0 && !is_callback(callback))
        return bad_request(c, w, S("callback must be the name of a function"));
    if (!ckan_args_read(c, &k, &problem)) {
        if (problem.n == 0)
            problem = c->err.message;
        err_clear(c);
        return bad_request(c, w, problem);
    }
    if (k.action->read == NULL) {
        (void)ckan_refuse(&k, CKAN_DENIED, (str){ 0 }, str_fmt(c->a, "visitors may not call %s", k.action->name));
        return send_refusal(c, &k, w);
    }
    return answer(c, &k, w, callback);
}

bool ckan_action_call(ctx *c, const http_req *r, http_res *w)
{
    return call(c, r, w, http_param(r, "action"));
}

/* The most frequent call has a route of its own: it touches a row or two and need not wait for a worker. */
bool ckan_package_call(ctx *c, const http_req *r, http_res *w)
{
    return call(c, r, w, S("package_show"));
}

/* The one action that writes has a route of its own, which asks for a token. */
bool ckan_upsert_call(ctx *c, const http_req *r, http_res *w)
{
    if (r->body.n > UPSERT_BYTES)
        return fail(c, TOO_LARGE, "records are taken up to %d MB a call; POST /tables/{uid}/rows takes more", UPSERT_BYTES >> 20);
    return call(c, r, w, S("datastore_upsert"));
}

bool ckan_version_get(ctx *c, const http_req *r, http_res *w)
{
    (void)c;
    (void)r;
    return send_json(w, 200, S("{\"version\": 3}"));
}
