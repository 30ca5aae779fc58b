#include "kit/fetch/fetch.h"

#include "kit/text/url.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_BYTES ((int64_t)1 << 30)
#define TIMEOUT_S 600
#define CONNECT_S 20
#define IDLE_S 60
#define REDIRECTS 5
#define HEAD_BYTES 65536

typedef struct {
    ctx *c;
    const fetch_request *r;
    fetch_answer *out;
    CURL *curl;
    str   host;
    int64_t most;
    size_t head_bytes;
    bool  guarded;              /* the guard refused a connection */
    bool  refused;              /* a callback called fail() */
    bool  enough;               /* more is not wanted */
} transfer;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void start_library(void)
{
    must(curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
}

/* --- what the library asks while it works --- */

static int port_of(const struct sockaddr *a)
{
    return a->sa_family == AF_INET ? ntohs(((const struct sockaddr_in *)(const void *)a)->sin_port)
                                   : ntohs(((const struct sockaddr_in6 *)(const void *)a)->sin6_port);
}

static curl_socket_t on_socket(void *data, curlsocktype purpose, struct curl_sockaddr *a)
{
    transfer *t = data;
    (void)purpose;
    if (!t->r->allow_private) {
        int port = a->family == AF_INET || a->family == AF_INET6 ? port_of(&a->addr) : 0;
        if (!fetch_is_public(&a->addr) || (port != 80 && port != 443 && port != 8080 && port != 8443)) {
            t->guarded = true;
            return CURL_SOCKET_BAD;
        }
    }
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t on_bytes(char *p, size_t each, size_t n, void *data)
{
    transfer *t = data;
    long status = 0;
    n *= each;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status >= 300)
        return n; /* what a refusal says is not kept */
    if (t->out->bytes + (int64_t)n > t->most) {
        t->refused = !fail(t->c, TOO_LARGE, "what %.*s sends is larger than %" PRId64 " bytes", S_ARG(t->host), t->most);
        return 0;
    }
    t->out->bytes += (int64_t)n;
    if (t->r->bytes != NULL && !t->r->bytes(t->c, t->r->to, (str){ p, n })) {
        t->refused = true;
        return 0;
    }
    t->enough = t->r->enough_bytes > 0 && t->out->bytes >= t->r->enough_bytes;
    return t->enough ? 0 : n;
}

static int on_progress(void *data, curl_off_t all, curl_off_t done, curl_off_t up_all, curl_off_t up_done)
{
    transfer *t = data;
    (void)up_all;
    (void)up_done;
    if (t->r->progress != NULL && !t->r->progress(t->c, t->r->to, done, all))
        t->refused = true;
    return t->refused;
}

/* The part of Content-Disposition that names the file, without any path. */
static str name_of(arena *a, str value)
{
    str name = { 0 }, part;
    while (str_next(&value, ';', &part)) {
        str key, v, plain;
        part = str_trim(part);
        if (!str_cut(part, S("="), &key, &v))
            continue;
        if (str_ieq(str_trim(key), S("filename*")) && v.n > 7 && str_ieq(str_sub(v, 0, 7), S("utf-8''"))
            && url_decode(a, str_from(v, 7), false, &plain)) {
            name = plain;
            break;
        }
        if (str_ieq(str_trim(key), S("filename"))) {
            v = str_trim(v);
            name = v.n >= 2 && v.p[0] == '"' ? str_sub(v, 1, v.n - 1) : v;
        }
    }
    size_t slash = str_rfind_byte(name, '/');
    name = slash < name.n ? str_from(name, slash + 1) : name;
    slash = str_rfind_byte(name, '\\');
    return str_dup(a, slash < name.n ? str_from(name, slash + 1) : name);
}

static size_t on_head(char *p, size_t each, size_t n, void *data)
{
    transfer *t = data;
    str line = { p, n * each }, name, value;
    t->head_bytes += line.n;
    if (t->head_bytes > HEAD_BYTES) {
        t->refused = !fail(t->c, IO, "the head that %.*s sends is too large", S_ARG(t->host));
        return 0;
    }
    if (str_starts(line, S("HTTP/"))) { /* of a redirect: the next answer counts */
        t->out->type = t->out->etag = t->out->last_modified = t->out->filename = (str){ 0 };
        return line.n;
    }
    if (!str_cut(line, S(":"), &name, &value))
        return line.n;
    arena *a = t->c->a;
    value = str_trim(value);
    if (str_ieq(name, S("content-type")))
        t->out->type = str_dup(a, value);
    else if (str_ieq(name, S("etag")))
        t->out->etag = str_dup(a, value);
    else if (str_ieq(name, S("last-modified")))
        t->out->last_modified = str_dup(a, value);
    else if (str_ieq(name, S("content-disposition")))
        t->out->filename = name_of(a, value);
    return line.n;
}

/* --- one transfer --- */

static bool check_address(ctx *c, str address, url *u)
{
    if (address.n > 8192 || !url_parse(address, u) || u->host.n == 0
        || (!str_ieq(u->scheme, S("http")) && !str_ieq(u->scheme, S("https"))))
        return fail(c, INVALID, "this is no address that can be fetched: http:// or https:// with a host is wanted");
    return u->user.n == 0 || fail(c, INVALID, "an address with a user name or password in it is not fetched");
}

static void set_up(transfer *t, const char *address, char *error)
{
    CURL *h = t->curl;
    const fetch_request *r = t->r;
    curl_easy_setopt(h, CURLOPT_URL, address);
    curl_easy_setopt(h, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_PROXY, "");
    curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(h, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(h, CURLOPT_MAXREDIRS, (long)REDIRECTS);
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)(r->timeout_s > 0 ? r->timeout_s : TIMEOUT_S));
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, (long)IDLE_S);
    str agent = r->agent.n > 0 ? r->agent : S("open data platform");
    curl_easy_setopt(h, CURLOPT_USERAGENT, str_z(t->c->a, str_fmt(t->c->a, "Openshelf/" OPENSHELF_VERSION " (%.*s)", S_ARG(agent))));
    curl_easy_setopt(h, CURLOPT_NOBODY, r->head ? 1L : 0L);
    if (r->enough_bytes > 0)            /* a server that knows ranges need not make the rest; the others are left in the middle */
        curl_easy_setopt(h, CURLOPT_RANGE, str_z(t->c->a, str_fmt(t->c->a, "0-%" PRId64, r->enough_bytes - 1)));
    curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(h, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_head);
    curl_easy_setopt(h, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(h, CURLOPT_XFERINFODATA, t);
}

static struct curl_slist *conditions(ctx *c, const fetch_request *r)
{
    struct curl_slist *l = NULL;
    bool clean = str_find_byte(r->etag, '\n') == r->etag.n && str_find_byte(r->last_modified, '\n') == r->last_modified.n;
    if (clean && r->etag.n > 0)
        l = curl_slist_append(l, str_z(c->a, str_fmt(c->a, "If-None-Match: %.*s", S_ARG(r->etag))));
    if (clean && r->last_modified.n > 0)
        l = curl_slist_append(l, str_z(c->a, str_fmt(c->a, "If-Modified-Since: %.*s", S_ARG(r->last_modified))));
    return l;
}

static bool judge_failure(ctx *c, const transfer *t, CURLcode code, const char *error)
{
    if (t->refused)
        return false;
    if (t->guarded)
        return fail(c, FORBIDDEN, "%.*s leads to a private address or an unusual port, which is not fetched", S_ARG(t->host));
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail(c, TIMEOUT, "%.*s took too long", S_ARG(t->host));
    if (code == CURLE_TOO_MANY_REDIRECTS)
        return fail(c, IO, "%.*s redirects more than %d times", S_ARG(t->host), REDIRECTS);
    if (code == CURLE_COULDNT_RESOLVE_HOST)
        return fail(c, IO, "there is no host “%.*s”", S_ARG(t->host));
    (void)fail(c, IO, "fetching from %.*s failed: %s", S_ARG(t->host), curl_easy_strerror(code));
    err_detail(c, "%s", error);
    return false;
}

static bool judge_status(ctx *c, const transfer *t)
{
    int s = t->out->status;
    if ((s >= 200 && s < 300) || s == 304 || (s == 416 && t->r->enough_bytes > 0))     /* 416: an empty file has no first bytes */
        return true;
    if (s == 404 || s == 410)
        return fail(c, NOT_FOUND, "%.*s says that there is nothing (status %d)", S_ARG(t->host), s);
    if (s == 429 || s == 503)
        return fail(c, BUSY, "%.*s is busy (status %d)", S_ARG(t->host), s);
    return fail(c, IO, "%.*s answers with status %d", S_ARG(t->host), s);
}

bool fetch_get(ctx *c, const fetch_request *r, fetch_answer *out)
{
    url u;
    char error[CURL_ERROR_SIZE] = "";
    *out = (fetch_answer){ 0 };
    if (!check_address(c, r->url, &u))
        return false;
    pthread_once(&once, start_library);
    transfer t = { .c = c, .r = r, .out = out, .curl = curl_easy_init(), .host = u.host,
                   .most = r->most_bytes > 0 ? r->most_bytes : MOST_BYTES };
    must(t.curl != NULL);
    struct curl_slist *more = conditions(c, r);
    set_up(&t, str_z(c->a, url_safe(c->a, r->url)), error);
    if (more != NULL)
        curl_easy_setopt(t.curl, CURLOPT_HTTPHEADER, more);
    CURLcode code = curl_easy_perform(t.curl);
    long status = 0;
    char *last = NULL;
    curl_off_t connected = 0;
    curl_easy_getinfo(t.curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t.curl, CURLINFO_EFFECTIVE_URL, &last);
    curl_easy_getinfo(t.curl, CURLINFO_CONNECT_TIME_T, &connected);
    out->status = (int)status;
    out->unchanged = status == 304;
    out->reached = connected > 0;
    out->url = str_dup(c->a, str_of(last));
    curl_easy_cleanup(t.curl);
    curl_slist_free_all(more);
    return code == CURLE_OK || t.enough ? judge_status(c, &t) : judge_failure(c, &t, code, error);
}
