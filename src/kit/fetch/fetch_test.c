/* The client against a small server of this test on loopback, and the guard against lists of addresses. */
#include "base.h"

#include "kit/fetch/fetch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#undef fail
#include <cmocka.h>

#include "support/small_http.h"

static small_http *server;

static void answer(void *app, int fd, const char *head)
{
    char text[512];
    (void)app;
    bool is_head = strncmp(head, "HEAD ", 5) == 0;
    const char *path = head + (is_head ? 5 : 4);
    if (strstr(head, "User-Agent: Openshelf/") == NULL) {
        small_http_say(fd, "HTTP/1.1 400 Who asks?\r\nConnection: close\r\n\r\n");
        return;
    }
    if (strncmp(path, "/how ", 5) == 0)
        small_http_say(fd, is_head ? "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"
                        : "HTTP/1.1 405 No\r\nConnection: close\r\n\r\n");
    else if (strncmp(path, "/range ", 7) == 0)
        small_http_say(fd, strstr(head, "Range: bytes=0-9\r\n") != NULL ? "HTTP/1.1 206 Part\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789"
                                                           : "HTTP/1.1 500 Whole\r\nConnection: close\r\n\r\n");
    else if (strncmp(path, "/file ", 6) == 0)
        small_http_say(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nETag: \"v1\"\r\nContent-Length: 5\r\n"
                "Content-Disposition: attachment; filename=\"../../etc/x.csv\"\r\nConnection: close\r\n\r\na,b\r\n");
    else if (strncmp(path, "/same ", 6) == 0)
        small_http_say(fd, "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
    else if (strncmp(path, "/to-file ", 9) == 0)
        small_http_say(fd, "HTTP/1.1 302 Found\r\nLocation: /file\r\nETag: \"of the redirect\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    else if (strncmp(path, "/loop ", 6) == 0)
        small_http_say(fd, "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    else if (strncmp(path, "/to-passwd ", 11) == 0)
        small_http_say(fd, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    else if (strncmp(path, "/short ", 7) == 0)
        small_http_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\nonly this");
    else if (strncmp(path, "/endless ", 9) == 0) {
        small_http_say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        for (int i = 0; i < 1000; i++)
            small_http_say(fd, "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789");
    } else if (strncmp(path, "/slow ", 6) == 0) {
        small_http_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\na");
        sleep(2);
    } else {
        snprintf(text, sizeof text, "HTTP/1.1 %.3s Something\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsorry",
                 strlen(path) > 4 ? path + 1 : "500");
        small_http_say(fd, text);
    }
}

static int start(void **state)
{
    (void)state;
    server = small_http_start(answer, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    small_http_stop(server);
    return 0;
}

static bool keep(ctx *c, void *to, str piece)
{
    (void)c;
    buf_add(to, piece);
    return true;
}

typedef struct { ctx c; buf got; fetch_answer a; bool ok; } run;

static run *get(const char *path, bool private, int64_t most, int timeout_s)
{
    arena *a = arena_new(65536);
    run *r = new(a, run);
    r->c.a = a;
    r->got = buf_in(a);
    fetch_request q = { .url = str_fmt(a, "http://127.0.0.1:%d%s", small_http_port(server), path), .allow_private = private, .most_bytes = most,
                        .timeout_s = timeout_s, .to = &r->got, .bytes = keep, .etag = S("\"v1\"") };
    r->ok = fetch_get(&r->c, &q, &r->a);
    return r;
}

static void bytes_and_names_come_as_they_are(void **state)
{
    (void)state;
    run *r = get("/file", true, 0, 10);
    assert_true(r->ok);
    assert_int_equal(r->a.status, 200);
    assert_int_equal(r->a.bytes, 5);
    assert_true(str_eq(buf_str(&r->got), S("a,b\r\n")));
    assert_true(str_eq(r->a.type, S("text/csv")));
    assert_true(str_eq(r->a.etag, S("\"v1\"")));
    assert_true(str_eq(r->a.filename, S("x.csv")));
    arena_free(r->c.a);
    r = get("/to-file", true, 0, 10);
    assert_true(r->ok);
    assert_true(str_ends(r->a.url, S("/file")));
    assert_true(str_eq(r->a.etag, S("\"v1\"")));
    arena_free(r->c.a);
    r = get("/same", true, 0, 10);
    assert_true(r->ok && r->a.unchanged && r->a.bytes == 0);
    arena_free(r->c.a);
}

static run *get_some(const char *path, bool head, int64_t enough)
{
    arena *a = arena_new(65536);
    run *r = new(a, run);
    r->c.a = a;
    r->got = buf_in(a);
    fetch_request q = { .url = str_fmt(a, "http://127.0.0.1:%d%s", small_http_port(server), path), .allow_private = true, .head = head,
                        .enough_bytes = enough, .timeout_s = 10, .to = &r->got, .bytes = keep, .agent = S("a test") };
    r->ok = fetch_get(&r->c, &q, &r->a);
    return r;
}

static void less_than_the_whole_can_be_asked_for(void **state)
{
    (void)state;
    run *r = get_some("/how", true, 0);
    assert_true(r->ok && r->a.status == 200 && r->a.bytes == 0);
    assert_true(str_eq(r->a.type, S("text/csv")));
    arena_free(r->c.a);
    r = get_some("/404", true, 0);
    assert_int_equal(r->c.err.code, ERR_NOT_FOUND);
    assert_int_equal(r->a.status, 404);
    assert_true(r->a.reached);
    arena_free(r->c.a);
    r = get_some("/range", false, 10);
    assert_true(r->ok && r->a.status == 206);
    assert_true(str_eq(buf_str(&r->got), S("0123456789")));
    arena_free(r->c.a);
    r = get_some("/endless", false, 1000);          /* knows no ranges: left in the middle */
    assert_true(r->ok && r->a.status == 200);
    assert_in_range(r->got.n, 1000, 60000);
    arena_free(r->c.a);
    r = get_some("/416", false, 10);                /* an empty file */
    assert_true(r->ok);
    arena_free(r->c.a);
}

static void refusals_say_which(void **state)
{
    static const struct { const char *path; err_code code; } cases[] = {
        { "/404", ERR_NOT_FOUND }, { "/410", ERR_NOT_FOUND }, { "/503", ERR_BUSY }, { "/429", ERR_BUSY }, { "/500", ERR_IO },
        { "/loop", ERR_IO }, { "/to-passwd", ERR_IO }, { "/short", ERR_IO }, { "/endless", ERR_TOO_LARGE }, { "/slow", ERR_TIMEOUT },
    };
    (void)state;
    for (size_t i = 0; i < array_len(cases); i++) {
        run *r = get(cases[i].path, true, 5000, 1);
        if (r->ok || r->c.err.code != cases[i].code)
            fail_msg("%s: %s (%.*s)", cases[i].path, err_name(r->c.err.code), S_ARG(r->c.err.message));
        arena_free(r->c.a);
    }
}

static void the_guard_closes_loopback(void **state)
{
    (void)state;
    run *r = get("/file?key=secret", false, 0, 10);
    assert_false(r->ok);
    assert_int_equal(r->c.err.code, ERR_FORBIDDEN);
    assert_false(r->a.reached);
    assert_false(str_has(r->c.err.message, S("secret")));
    assert_int_equal(r->got.n, 0);
    arena_free(r->c.a);
}

static void addresses_that_are_none(void **state)
{
    static const char *const bad[] = { "", "ftp://x/y", "file:///etc/passwd", "http://", "http://user:pass@host/", "gopher://x/", "/path",
                                       "http:///x" };
    (void)state;
    for (size_t i = 0; i < array_len(bad); i++) {
        ctx c = { .a = arena_new(4096) };
        fetch_answer out;
        assert_false(fetch_get(&c, &(fetch_request){ .url = str_of(bad[i]), .allow_private = true, .timeout_s = 1 }, &out));
        assert_int_equal(c.err.code, ERR_INVALID);
        arena_free(c.a);
    }
}

static void what_is_public(void **state)
{
    static const struct { const char *text; bool open; } cases[] = {
        { "8.8.8.8", true }, { "203.66.1.1", true }, { "172.15.0.1", true }, { "172.32.0.1", true }, { "100.128.0.1", true },
        { "127.0.0.1", false }, { "127.255.255.255", false }, { "10.1.2.3", false }, { "172.16.0.1", false }, { "172.31.255.255", false },
        { "192.168.1.1", false }, { "169.254.169.254", false }, { "0.0.0.0", false }, { "100.64.0.1", false }, { "224.0.0.1", false },
        { "255.255.255.255", false }, { "198.18.0.1", false }, { "203.0.113.9", false }, { "192.0.0.8", false },
        { "2001:4860:4860::8888", true }, { "2400:cb00::1", true }, { "::1", false }, { "::", false }, { "fe80::1", false },
        { "fd00::1", false }, { "ff02::1", false }, { "::ffff:127.0.0.1", false }, { "::ffff:8.8.8.8", true },
        { "64:ff9b::7f00:1", false }, { "64:ff9b::808:808", true }, { "2002:7f00:1::", false }, { "2001:db8::1", false },
        { "2001::1", false }, { "::127.0.0.1", false }, { "3fff:1::", false }, { "3fff:1000::", true },
    };
    (void)state;
    for (size_t i = 0; i < array_len(cases); i++) {
        struct sockaddr_in v4 = { .sin_family = AF_INET };
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
        bool four = inet_pton(AF_INET, cases[i].text, &v4.sin_addr) == 1;
        assert_true(four || inet_pton(AF_INET6, cases[i].text, &v6.sin6_addr) == 1);
        if (fetch_is_public(four ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6) != cases[i].open)
            fail_msg("%s", cases[i].text);
    }
    assert_false(fetch_is_public(&(struct sockaddr){ .sa_family = AF_UNIX }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_and_names_come_as_they_are), cmocka_unit_test(less_than_the_whole_can_be_asked_for),
        cmocka_unit_test(refusals_say_which),
        cmocka_unit_test(the_guard_closes_loopback), cmocka_unit_test(addresses_that_are_none), cmocka_unit_test(what_is_public),
    };
    return cmocka_run_group_tests(tests, start, end);
}
