/* Tests of the server over real sockets; with --serve ADDRESS it is the server that tests/http drives. */
#include "kit/http/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- a small application --- */

static _Atomic uint64_t version = 1;
static _Atomic int threads_open;

static bool hello(ctx *c, const http_req *r, http_res *w)
{
    (void)r;
    w->type = S("text/plain; charset=utf-8");
    w->body = c->lang == LANG_EN ? S("hello\n") : S("你好\n");
    return true;
}

static bool slow(ctx *c, const http_req *r, http_res *w)
{
    int64_t ms;
    if (!http_arg_int(c, r, "ms", 100, 0, 20000, &ms))
        return false;
    usleep((useconds_t)ms * 1000);
    w->type = S("text/plain");
    w->body = str_fmt(c->a, "%s slept %d ms\n", c->site != NULL ? "worker" : "?", (int)ms);
    return true;
}

/* A body of the wanted size whose every byte is known. */
static bool bytes(ctx *c, const http_req *r, http_res *w)
{
    int64_t n;
    if (!http_arg_int(c, r, "n", 1000, 0, 8 << 20, &n))
        return false;
    char *p = arena_get(c->a, (size_t)n + 1);
    for (int64_t i = 0; i < n; i++)
        p[i] = (char)('a' + i % 23);
    w->type = S("text/plain");
    w->body = (str){ p, (size_t)n };
    return true;
}

static bool page(ctx *c, const http_req *r, http_res *w)
{
    str text = str_fmt(c->a, "<p>version %" PRIu64 " of %.*s for %.*s</p>\n", atomic_load(&version), S_ARG(r->path),
                       S_ARG(http_arg(r, "q")));
    buf o = buf_in(c->a);
    for (int i = 0; i < 100; i++)
        buf_add(&o, text);
    return r->wants_json ? http_body_json(c, w, S("{\"page\":true}")) : http_body_html(c, w, buf_str(&o));
}

static bool item(ctx *c, const http_req *r, http_res *w)
{
    w->any_origin = true;
    if (str_eq(http_param(r, "id"), S("none")))
        return fail(c, NOT_FOUND, "there is no item “none”");
    return http_body_json(c, w, str_fmt(c->a, "{\"id\":\"%.*s\"}", S_ARG(http_param(r, "id"))));
}

static bool echo(ctx *c, const http_req *r, http_res *w)
{
    (void)c;
    w->type = S("application/octet-stream");
    w->body = r->body;
    return true;
}

/* Sums a body of any size in constant memory. */
static bool upload(ctx *c, const http_req *r, http_res *w)
{
    uint64_t sum = 0, n = r->body.n;
    char *piece = arena_get(c->a, 65536);
    for (off_t at = 0; r->body_fd > 0;) {
        ssize_t got = pread(r->body_fd, piece, 65536, at);
        if (got <= 0)
            break;
        for (ssize_t i = 0; i < got; i++)
            sum += (unsigned char)piece[i];
        at += got;
    }
    for (size_t i = 0; r->body_fd <= 0 && i < r->body.n; i++)
        sum += (unsigned char)r->body.p[i];
    w->type = S("text/plain");
    w->body = str_fmt(c->a, "%" PRIu64 " bytes, sum %" PRIu64 ", %s\n", n, sum, r->body_fd > 0 ? "file" : "memory");
    return true;
}

static bool file(ctx *c, const http_req *r, http_res *w)
{
    int64_t n;
    if (!http_arg_int(c, r, "n", 1000, 0, (int64_t)1 << 30, &n))
        return false;
    int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, n) != 0 || pwrite(fd, "begin", 5, 0) != 5 || pwrite(fd, "end", 3, n - 3) != 3)
        return fail(c, IO, "no file");
    w->type = S("application/octet-stream");
    w->fd = fd;
    w->fd_bytes = n;
    return true;
}

typedef struct { int64_t n, at, fail_at; } counter;

static bool next_numbers(ctx *c, void *state, buf *out, bool *more)
{
    counter *k = state;
    for (int i = 0; i < 1000 && k->at < k->n; i++) {
        if (k->at == k->fail_at)
            return fail(c, INTERNAL, "asked to fail");
        buf_i64(out, k->at++);
        buf_byte(out, '\n');
    }
    *more = k->at < k->n;
    return true;
}

static bool stream(ctx *c, const http_req *r, http_res *w)
{
    counter *k = new(c->a, counter);
    w->type = S("text/plain");
    w->stream = next_numbers;
    w->stream_state = k;
    return http_arg_int(c, r, "n", 10000, 0, 100000000, &k->n)
        && http_arg_int(c, r, "fail_at", -1, -1, 100000000, &k->fail_at);
}

static bool bump(ctx *c, const http_req *r, http_res *w)
{
    (void)r;
    w->cache_s = -1;
    return http_body_json(c, w, str_fmt(c->a, "%" PRIu64, atomic_fetch_add(&version, 1) + 1));
}

static bool crash(ctx *c, const http_req *r, http_res *w)
{
    (void)r;
    (void)w;
    err_detail(c, "a secret of the inside");
    return fail(c, INTERNAL, "the program made a mistake");
}

static bool error_page(void *app, ctx *c, const http_req *r, http_res *w)
{
    (void)app;
    w->any_origin = true;
    str text = c->err.message;
    if (r->wants_json)
        return http_body_json(c, w, str_fmt(c->a, "{\"error\":\"%.*s\"}", S_ARG(text)));
    return http_body_html(c, w, str_fmt(c->a, "<h1>%.*s</h1>\n", S_ARG(text)));
}

static bool thread_start(void *app, ctx *c)
{
    (void)app;
    c->site = (struct site *)&version; /* stands for what the product attaches */
    atomic_fetch_add(&threads_open, 1);
    return true;
}

static void thread_end(void *app, ctx *c)
{
    (void)app;
    (void)c;
    atomic_fetch_sub(&threads_open, 1);
}

static uint64_t version_now(void *app)
{
    (void)app;
    return atomic_load(&version);
}

#define GET (1u << HTTP_GET)
#define POST (1u << HTTP_POST)
static const http_route routes[] = {
    { GET, "/", hello, 0, HTTP_ON_LOOP, HTTP_CACHE_NONE, "hello", "", "", false },
    { GET, "/hello", hello, 0, HTTP_ON_LOOP, HTTP_CACHE_NONE, "hello", "", "", false },
    { GET, "/hello-worker", hello, 0, HTTP_ON_WORKER, HTTP_CACHE_NONE, "hello", "", "", false },
    { GET, "/slow", slow, 0, HTTP_ON_WORKER, HTTP_CACHE_NONE, "slow", "", "", false },
    { GET, "/bytes", bytes, 0, HTTP_ON_LOOP, HTTP_CACHE_NONE, "bytes", "", "", false },
    { GET, "/page", page, 0, HTTP_ON_LOOP, HTTP_CACHE_CATALOG, "page", "", "", false },
    { GET, "/page-worker", page, 0, HTTP_ON_WORKER, HTTP_CACHE_CATALOG, "page", "", "", false },
    { GET, "/asset.css", bytes, 0, HTTP_ON_WORKER, HTTP_CACHE_ASSET, "asset", "", "", false },
    { GET, "/items/{id}", item, 0, HTTP_ON_LOOP, HTTP_CACHE_NONE, "item", "", "", false },
    { GET | POST, "/echo", echo, 0, HTTP_ON_LOOP, HTTP_CACHE_NONE, "echo", "", "", false },
    { POST, "/echo-worker", echo, 0, HTTP_ON_WORKER, HTTP_CACHE_NONE, "echo", "", "", false },
    { POST, "/upload", upload, 0, HTTP_ON_WORKER, HTTP_CACHE_NONE, "upload", "", "", true },
    { GET, "/file", file, 0, HTTP_ON_WORKER, HTTP_CACHE_NONE, "file", "", "", false },
    { GET, "/stream", stream, 0, HTTP_ON_LOOP, HTTP_CACHE_NONE, "stream", "", "", false },
    { GET, "/stream-worker", stream, 0, HTTP_ON_WORKER, HTTP_CACHE_NONE, "stream", "", "", false },
    { POST, "/bump", bump, 0, HTTP_ON_LOOP, HTTP_CACHE_NONE, "bump", "", "", false },
    { GET, "/crash", crash, 0, HTTP_ON_LOOP, HTTP_CACHE_NONE, "crash", "", "", false },
};

static http_config config(str listen_on)
{
    return (http_config){ .listen = listen_on, .loops = 2, .workers = 4, .cache_bytes = 1 << 20, .routes = routes,
                          .route_count = array_len(routes), .thread_start = thread_start, .thread_end = thread_end,
                          .error = error_page, .version = version_now, .build_id = S("test") };
}

/* --- as a program of its own --- */

static int64_t option(int argc, char **argv, const char *name, int64_t absent)
{
    int64_t v = absent;
    for (int i = 1; i + 1 < argc; i++)
        if (str_eq(str_of(argv[i]), str_of(name)) && !str_to_i64(str_of(argv[i + 1]), &v))
            v = absent;
    return v;
}

static int serve(int argc, char **argv)
{
    ctx c = { .a = arena_new(4096) };
    http_config cfg = config(str_of(argv[2]));
    cfg.head_ms = (int)option(argc, argv, "--head-ms", 0);
    cfg.body_ms = (int)option(argc, argv, "--body-ms", 0);
    cfg.idle_ms = (int)option(argc, argv, "--idle-ms", 0);
    cfg.write_ms = (int)option(argc, argv, "--write-ms", 0);
    cfg.connections = (int)option(argc, argv, "--connections", 0);
    cfg.queue = (int)option(argc, argv, "--queue", 0);
    cfg.rate_per_s = (double)option(argc, argv, "--rate", 0);
    cfg.rate_burst = (double)option(argc, argv, "--burst", 0);
    cfg.access_log = option(argc, argv, "--access-log", 0) != 0;
    for (int i = 1; i + 2 < argc; i++)
        if (str_eq(str_of(argv[i]), S("--tls"))) {
            cfg.tls_cert = str_of(argv[i + 1]);
            cfg.tls_key = str_of(argv[i + 2]);
        }
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    http_server *s;
    if (!http_start(&c, &cfg, &s)) {
        fprintf(stderr, "%.*s\n", S_ARG(c.err.message));
        return 1;
    }
    printf("port %d\n", http_port(s));
    fflush(stdout);
    int sig;
    sigwait(&stop, &sig);
    http_stop(s, 10000);
    arena_free(c.a);
    return atomic_load(&threads_open);
}

/* --- tests --- */

#undef fail /* cmocka has one of its own */
#include <setjmp.h>
#include <cmocka.h>

static http_server *server;
static ctx test_ctx;

static int set_up(void **state)
{
    (void)state;
    test_ctx = (ctx){ .a = arena_new(4096) };
    http_config cfg = config(S("127.0.0.1:0"));
    cfg.body_ms = 1000;                 /* how long a body that never comes is waited for */
    return http_start(&test_ctx, &cfg, &server) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    http_stop(server, 5000);
    arena_free(test_ctx.a);
    return atomic_load(&threads_open);
}

static int dial(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(server)) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval t = { .tv_sec = 20 };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void put_text(int fd, str s)
{
    while (s.n > 0) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        assert_true(n > 0);
        s = str_from(s, (size_t)n);
    }
}

/* Reads to the end of the connection. */
static str read_all(int fd)
{
    buf o = buf_in(test_ctx.a);
    for (;;) {
        assert_true(buf_room(&o, 65536));
        ssize_t n = recv(fd, o.p + o.n, o.cap - o.n, 0);
        if (n <= 0)
            break;
        o.n += (size_t)n;
    }
    close(fd);
    return buf_str(&o);
}

static str ask(str request)
{
    int fd = dial();
    put_text(fd, request);
    return read_all(fd);
}

#define CLOSE "Host: x\r\nConnection: close\r\n\r\n"

static str body_of(str answer)
{
    size_t at = str_find(answer, S("\r\n\r\n"));
    return str_from(answer, at + 4);
}

static size_t count(str s, str part)
{
    size_t n = 0;
    for (size_t at; (at = str_find(s, part)) < s.n; n++)
        s = str_from(s, at + part.n);
    return n;
}

static void test_answers(void **state)
{
    (void)state;
    str a = ask(S("GET /hello HTTP/1.1\r\nAccept-Language: en\r\n" CLOSE));
    assert_true(str_starts(a, S("HTTP/1.1 200 OK\r\n")));
    assert_true(str_has(a, S("Content-Length: 6\r\n")) && str_has(a, S("Content-Security-Policy: default-src 'none'")));
    assert_true(str_has(a, S("\r\nConnection: close\r\n")) && str_ends(a, S("\r\n\r\nhello\n")));
    assert_false(str_has(a, S("\r\nServer:")));
    assert_true(str_ends(ask(S("GET /hello HTTP/1.1\r\n" CLOSE)), S("你好\n")));
    assert_true(str_ends(ask(S("GET /en/hello HTTP/1.1\r\n" CLOSE)), S("hello\n")));
    assert_true(str_ends(ask(S("GET /hello-worker HTTP/1.1\r\n" CLOSE)), S("你好\n")));
    assert_true(str_ends(ask(S("HEAD /hello HTTP/1.1\r\n" CLOSE)), S("\r\n\r\n")));
    assert_true(str_ends(ask(S("GET /hello HTTP/1.0\r\n\r\n")), S("你好\n")));
}

static void test_pipelining(void **state)
{
    (void)state;
    buf o = buf_in(test_ctx.a);
    for (int i = 0; i < 200; i++) /* loop and worker by turns, in order */
        buf_fmt(&o, "GET /%s HTTP/1.1\r\nHost: x\r\nAccept-Language: %s\r\n\r\n", i % 3 == 0 ? "hello-worker" : "hello",
                i % 2 == 0 ? "en" : "zh");
    buf_add(&o, S("GET /bytes?n=3000000 HTTP/1.1\r\n" CLOSE));
    str a = ask(buf_str(&o));
    assert_int_equal(count(a, S("HTTP/1.1 200 OK\r\n")), 201);
    assert_true(a.n > 3000000);
    for (int i = 0; i < 200; i++) {
        size_t at = str_find(a, i % 2 == 0 ? S("hello\n") : S("你好\n"));
        assert_true(at < 2000);
        a = str_from(a, at);
    }
}

static void test_bodies(void **state)
{
    (void)state;
    assert_true(str_ends(ask(S("POST /echo HTTP/1.1\r\nContent-Length: 5\r\n" CLOSE "abcde")), S("\r\n\r\nabcde")));
    assert_true(str_ends(ask(S("POST /echo-worker HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE
                               "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n")), S("\r\n\r\nabcde")));
    buf o = buf_in(test_ctx.a);
    buf_add(&o, S("POST /upload HTTP/1.1\r\nContent-Length: 300000\r\n" CLOSE));
    for (int i = 0; i < 300000; i++)
        buf_byte(&o, 1);
    assert_true(str_ends(ask(buf_str(&o)), S("300000 bytes, sum 300000, file\n")));
    str a = ask(S("POST /echo HTTP/1.1\r\nContent-Length: 99999999\r\n" CLOSE));
    assert_true(str_starts(a, S("HTTP/1.1 413 ")));
    a = ask(S("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" CLOSE));
    assert_true(str_starts(a, S("HTTP/1.1 100 Continue\r\n\r\n")));
    a = ask(S("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /hello HTTP/1.1\r\n" CLOSE));
    assert_true(str_starts(a, S("HTTP/1.1 405 ")) && str_has(a, S("Allow: GET, HEAD, OPTIONS\r\n")));
    assert_true(str_ends(a, S("你好\n"))); /* the unwanted body was read away, not taken for a request */
}

static void test_streams_and_files(void **state)
{
    (void)state;
    str a = ask(S("GET /stream?n=2500 HTTP/1.1\r\n" CLOSE)), b = ask(S("GET /stream-worker?n=2500 HTTP/1.1\r\n" CLOSE));
    assert_true(str_has(a, S("Transfer-Encoding: chunked\r\n")) && str_ends(a, S("2499\n\r\n0\r\n\r\n")));
    assert_true(str_eq(body_of(a), body_of(b)));
    assert_true(str_ends(ask(S("GET /stream?n=2500 HTTP/1.0\r\n\r\n")), S("2499\n")));
    a = ask(S("GET /stream?n=5000&fail_at=3500 HTTP/1.1\r\n" CLOSE));
    assert_false(str_ends(a, S("0\r\n\r\n"))); /* cut, not ended */
    a = ask(S("GET /file?n=5000000 HTTP/1.1\r\n" CLOSE));
    assert_true(str_starts(body_of(a), S("begin")) && str_ends(a, S("end")));
    assert_int_equal(body_of(a).n, 5000000);
    a = ask(S("GET /file?n=5000000 HTTP/1.1\r\nRange: bytes=-3\r\n" CLOSE));
    assert_true(str_starts(a, S("HTTP/1.1 206 ")) && str_has(a, S("Content-Range: bytes 4999997-4999999/5000000\r\n")));
    assert_true(str_eq(body_of(a), S("end")));
    a = ask(S("GET /bytes?n=23 HTTP/1.1\r\nRange: bytes=1-2\r\n" CLOSE));
    assert_true(str_eq(body_of(a), S("bc")));
    assert_true(str_starts(ask(S("GET /file?n=10 HTTP/1.1\r\nRange: bytes=10-\r\n" CLOSE)), S("HTTP/1.1 416 ")));
}

static str header_of(str answer, const char *name)
{
    str line, rest = answer, n, v;
    while (str_cut(rest, S("\r\n"), &line, &rest) && line.n > 0)
        if (str_cut(line, S(": "), &n, &v) && str_ieq(n, str_of(name)))
            return v;
    return (str){ 0 };
}

static void test_cache_and_conditions(void **state)
{
    (void)state;
    static const char *const paths[] = { "/page?q=1", "/page-worker?q=1", "/en/page", "/page.json" };
    http_stats before, after;
    for (size_t i = 0; i < array_len(paths); i++) {
        http_stats_read(server, &before);
        str first = ask(str_fmt(test_ctx.a, "GET %s HTTP/1.1\r\n" CLOSE, paths[i]));
        str again = ask(str_fmt(test_ctx.a, "GET %s HTTP/1.1\r\n" CLOSE, paths[i]));
        http_stats_read(server, &after);
        assert_true(after.cache_hits > before.cache_hits);
        assert_true(str_eq(body_of(first), body_of(again)) && first.n > 200);
        str tag = header_of(first, "ETag");
        assert_true(tag.n > 2 && str_eq(tag, header_of(again, "ETag")));
        str same = ask(str_fmt(test_ctx.a, "GET %s HTTP/1.1\r\nIf-None-Match: \"x\", W/%.*s\r\n" CLOSE, paths[i],
                               S_ARG(tag)));
        assert_true(str_starts(same, S("HTTP/1.1 304 ")) && str_ends(same, S("\r\n\r\n")));
        assert_true(str_has(same, tag));
        (void)ask(S("POST /bump HTTP/1.1\r\nContent-Length: 0\r\n" CLOSE));
        str newer = ask(str_fmt(test_ctx.a, "GET %s HTTP/1.1\r\nIf-None-Match: %.*s\r\n" CLOSE, paths[i], S_ARG(tag)));
        assert_true(str_starts(newer, S("HTTP/1.1 200 ")));
    }
}

static void test_encodings(void **state)
{
    (void)state;
    str plain = ask(S("GET /page HTTP/1.1\r\n" CLOSE));
    str gz = ask(S("GET /page HTTP/1.1\r\nAccept-Encoding: gzip\r\n" CLOSE));
    str zs = ask(S("GET /page HTTP/1.1\r\nAccept-Encoding: gzip, br, zstd\r\n" CLOSE));
    assert_true(str_eq(header_of(gz, "Content-Encoding"), S("gzip")) && str_eq(header_of(zs, "Content-Encoding"), S("zstd")));
    assert_true(str_starts(body_of(gz), (str){ "\x1f\x8b", 2 }) && str_starts(body_of(zs), (str){ "\x28\xb5\x2f\xfd", 4 }));
    assert_true(gz.n < plain.n && zs.n < plain.n);
    assert_false(str_eq(header_of(gz, "ETag"), header_of(plain, "ETag")));
    assert_false(str_eq(header_of(gz, "ETag"), header_of(zs, "ETag")));
    assert_true(str_has(header_of(plain, "Vary"), S("Accept-Encoding")));
    str small = ask(S("GET /hello HTTP/1.1\r\nAccept-Encoding: gzip\r\n" CLOSE));
    assert_int_equal(header_of(small, "Content-Encoding").n, 0);
    str streamed = ask(S("GET /stream?n=100000 HTTP/1.1\r\nAccept-Encoding: gzip\r\n" CLOSE));
    assert_true(str_eq(header_of(streamed, "Content-Encoding"), S("gzip")) && streamed.n < 400000);
}

static void test_errors(void **state)
{
    (void)state;
    str a = ask(S("GET /nothing HTTP/1.1\r\n" CLOSE));
    assert_true(str_starts(a, S("HTTP/1.1 404 ")) && str_has(a, S("<h1>")));
    a = ask(S("GET /items/none.json HTTP/1.1\r\n" CLOSE));
    assert_true(str_starts(a, S("HTTP/1.1 404 ")) && str_has(a, S("{\"error\"")));
    a = ask(S("GET /crash HTTP/1.1\r\n" CLOSE));
    assert_true(str_starts(a, S("HTTP/1.1 500 ")) && !str_has(a, S("secret")));
    assert_true(str_starts(ask(S("GET /hello?a=%zz HTTP/1.1\r\n" CLOSE)), S("HTTP/1.1 400 ")));
    assert_true(str_starts(ask(S("GET /slow?ms=x HTTP/1.1\r\n" CLOSE)), S("HTTP/1.1 422 ")));
    assert_true(str_starts(ask(S("OPTIONS * HTTP/1.1\r\n" CLOSE)), S("HTTP/1.1 204 ")));
    assert_true(str_starts(ask(S("GET /hello/?a=1 HTTP/1.1\r\n" CLOSE)), S("HTTP/1.1 301 ")));
}

static void test_second_server_is_refused(void **state)
{
    (void)state;
    http_server *s2;
    ctx c = { .a = test_ctx.a };
    http_config cfg = config(str_fmt(c.a, "127.0.0.1:%d", http_port(server)));
    assert_false(http_start(&c, &cfg, &s2));
    assert_int_equal(c.err.code, ERR_IO);
}

int main(int argc, char **argv)
{
    if (argc > 2 && str_eq(str_of(argv[1]), S("--serve")))
        return serve(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers), cmocka_unit_test(test_pipelining), cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_streams_and_files), cmocka_unit_test(test_cache_and_conditions),
        cmocka_unit_test(test_encodings), cmocka_unit_test(test_errors),
        cmocka_unit_test(test_second_server_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
