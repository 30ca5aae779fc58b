/* Tests of parse: heads that are taken, heads that are refused and with what, chunks cut anywhere. */
#include "kit/http/parse.h"

#undef fail /* cmocka has one of its own */
#include <setjmp.h>
#include <cmocka.h>

static arena *a;

static int set_up(void **state)
{
    (void)state;
    a = arena_new(65536);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static int parse(str text, parse_result *r)
{
    const char *why = NULL;
    size_t scanned = 0, n = 0;
    int status = parse_find_end(text, &scanned, 16384, &n, &why);
    if (status != 0)
        return status;
    if (n == 0)
        return -1;
    status = parse_head(a, str_z(a, text), n, r, &why);
    assert_true(status == 0 || (why != NULL && why[0] != 0));
    return status;
}

#define H "Host: x\r\n"
static const struct { const char *what; str head; int status; } table[] = {
    { "plain", S_INIT("GET / HTTP/1.1\r\n" H "\r\n"), 0 },
    { "HTTP/1.0 without Host", S_INIT("GET / HTTP/1.0\r\n\r\n"), 0 },
    { "no blank after the colon", S_INIT("GET / HTTP/1.1\r\nHost:x\r\nA:b\r\n\r\n"), 0 },
    { "empty value", S_INIT("GET / HTTP/1.1\r\n" H "A:\r\n\r\n"), 0 },
    { "tab in a value", S_INIT("GET / HTTP/1.1\r\n" H "A: b\tc\r\n\r\n"), 0 },
    { "bytes above ASCII in a value", S_INIT("GET / HTTP/1.1\r\n" H "A: \xe8\x87\xba\r\n\r\n"), 0 },
    { "absolute target", S_INIT("GET http://x/y HTTP/1.1\r\n" H "\r\n"), 0 },
    { "OPTIONS *", S_INIT("OPTIONS * HTTP/1.1\r\n" H "\r\n"), 0 },
    { "one length", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\n"), 0 },
    { "chunked", S_INIT("POST / HTTP/1.1\r\n" H "Transfer-Encoding: Chunked\r\n\r\n"), 0 },
    { "length and chunked", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), 400 },
    { "chunked and length", S_INIT("POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"), 400 },
    { "two lengths", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Length: 6\r\n\r\n"), 400 },
    { "the same length twice", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length: 5\r\ncontent-length: 5\r\n\r\n"), 400 },
    { "a list of lengths", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length: 5, 5\r\n\r\n"), 400 },
    { "a signed length", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length: +5\r\n\r\n"), 400 },
    { "a negative length", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length: -5\r\n\r\n"), 400 },
    { "a hexadecimal length", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length: 0x5\r\n\r\n"), 400 },
    { "an empty length", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n"), 400 },
    { "an endless length", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length: 9999999999999999999\r\n\r\n"), 400 },
    { "two codings", S_INIT("POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"), 400 },
    { "a list of codings", S_INIT("POST / HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n"), 501 },
    { "an unknown coding", S_INIT("POST / HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n"), 501 },
    { "identity", S_INIT("POST / HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n\r\n"), 501 },
    { "a coding in HTTP/1.0", S_INIT("POST / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n"), 400 },
    { "a coding with a vertical tab", S_INIT("POST / HTTP/1.1\r\n" H "Transfer-Encoding: \x0b" "chunked\r\n\r\n"), 400 },
    { "blank before the colon", S_INIT("GET / HTTP/1.1\r\nHost : x\r\n\r\n"), 400 },
    { "blank before the colon of a length", S_INIT("POST / HTTP/1.1\r\n" H "Content-Length : 5\r\n\r\n"), 400 },
    { "folded", S_INIT("GET / HTTP/1.1\r\n" H "A: b\r\n c\r\n\r\n"), 400 },
    { "folded with a tab", S_INIT("GET / HTTP/1.1\r\n" H "A: b\r\n\tc\r\n\r\n"), 400 },
    { "first header folded", S_INIT("GET / HTTP/1.1\r\n Host: x\r\n\r\n"), 400 },
    { "no Host", S_INIT("GET / HTTP/1.1\r\n\r\n"), 400 },
    { "two Hosts", S_INIT("GET / HTTP/1.1\r\n" H H "\r\n"), 400 },
    { "an empty Host", S_INIT("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400 },
    { "a Host that is none", S_INIT("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400 },
    { "a Host with a blank", S_INIT("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400 },
    { "bare LF", S_INIT("GET / HTTP/1.1\nHost: x\n\n"), 400 },
    { "one bare LF", S_INIT("GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n"), 400 },
    { "bare CR in a value", S_INIT("GET / HTTP/1.1\r\n" H "A: b\rc\r\n\r\n"), 400 },
    { "bare CR in the request line", S_INIT("GET /\r HTTP/1.1\r\n" H "\r\n"), 400 },
    { "CR CR LF", S_INIT("GET / HTTP/1.1\r\r\n" H "\r\n"), 400 },
    { "NUL in a value", S_INIT("GET / HTTP/1.1\r\n" H "A: b\0c\r\n\r\n"), 400 },
    { "NUL in the target", S_INIT("GET /\0 HTTP/1.1\r\n" H "\r\n"), 400 },
    { "a control character in a name", S_INIT("GET / HTTP/1.1\r\n" H "A\x01: b\r\n\r\n"), 400 },
    { "no colon", S_INIT("GET / HTTP/1.1\r\n" H "Abc\r\n\r\n"), 400 },
    { "no name", S_INIT("GET / HTTP/1.1\r\n" H ": b\r\n\r\n"), 400 },
    { "no version", S_INIT("GET /\r\n" H "\r\n"), 400 },
    { "two blanks", S_INIT("GET  / HTTP/1.1\r\n" H "\r\n"), 400 },
    { "a blank in the target", S_INIT("GET /a b HTTP/1.1\r\n" H "\r\n"), 400 },
    { "a tab between", S_INIT("GET\t/ HTTP/1.1\r\n" H "\r\n"), 400 },
    { "a blank at the end", S_INIT("GET / HTTP/1.1 \r\n" H "\r\n"), 400 },
    { "lower-case version", S_INIT("GET / http/1.1\r\n" H "\r\n"), 400 },
    { "HTTP/2", S_INIT("GET / HTTP/2.0\r\n" H "\r\n"), 505 },
    { "HTTP/1.2", S_INIT("GET / HTTP/1.2\r\n" H "\r\n"), 505 },
    { "HTTP/11", S_INIT("GET / HTTP/11\r\n" H "\r\n"), 400 },
    { "the preface of HTTP/2", S_INIT("PRI * HTTP/2.0\r\n\r\n"), 505 },
    { "an unknown method", S_INIT("BREW / HTTP/1.1\r\n" H "\r\n"), 501 },
    { "CONNECT", S_INIT("CONNECT x:443 HTTP/1.1\r\n" H "\r\n"), 501 },
    { "lower-case method", S_INIT("get / HTTP/1.1\r\n" H "\r\n"), 501 },
    { "no slash", S_INIT("GET x HTTP/1.1\r\n" H "\r\n"), 400 },
    { "another scheme", S_INIT("GET ftp://x/ HTTP/1.1\r\n" H "\r\n"), 400 },
    { "GET *", S_INIT("GET * HTTP/1.1\r\n" H "\r\n"), 400 },
    { "only an empty line", S_INIT("\r\n\r\n"), 400 },
    { "TLS", S_INIT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), 400 },
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_len(table); i++) {
        parse_result r;
        int got = parse(table[i].head, &r);
        if (got != table[i].status)
            fail_msg("%s: %d instead of %d", table[i].what, got, table[i].status);
    }
}

static void test_values(void **state)
{
    (void)state;
    parse_result r;
    assert_int_equal(parse(S("POST /a?b=c HTTP/1.1\r\nHost: h:80\r\nX-Thing:  two words \t\r\nContent-Length: 12\r\n"
                             "Expect: 100-Continue\r\nConnection: Keep-Alive, close\r\n\r\n"), &r), 0);
    assert_int_equal(r.method, HTTP_POST);
    assert_true(str_eq(r.target, S("/a?b=c")) && str_eq(r.host, S("h:80")));
    assert_int_equal(r.framing, PARSE_LENGTH);
    assert_int_equal(r.length, 12);
    assert_true(r.expect_continue && !r.keep_alive);
    assert_true(str_eq(r.headers.v[1].name, S("x-thing")) && str_eq(r.headers.v[1].value, S("two words")));
    assert_int_equal(parse(S("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), &r), 0);
    assert_true(r.keep_alive);
    assert_int_equal(parse(S("GET / HTTP/1.0\r\n\r\n"), &r), 0);
    assert_false(r.keep_alive);
}

static void test_limits(void **state)
{
    (void)state;
    parse_result r;
    buf o = buf_in(a);
    buf_add(&o, S("GET / HTTP/1.1\r\n" H));
    for (int i = 0; i < PARSE_HEADERS_MAX; i++)
        buf_fmt(&o, "A%d: b\r\n", i);
    buf_add(&o, S("\r\n"));
    assert_int_equal(parse(buf_str(&o), &r), 431);
    o.n = 0;
    buf_add(&o, S("GET /"));
    for (int i = 0; i < PARSE_TARGET_MAX; i++)
        buf_byte(&o, 'a');
    buf_add(&o, S(" HTTP/1.1\r\n" H "\r\n"));
    assert_int_equal(parse(buf_str(&o), &r), 414);
    assert_int_equal(parse(str_sub(buf_str(&o), 0, PARSE_TARGET_MAX + 5), &r), -1);
    o.n = 0;
    for (int i = 0; i < 10000; i++)
        buf_byte(&o, 'a');
    assert_int_equal(parse(buf_str(&o), &r), 414);
    o.n = 0;
    buf_add(&o, S("GET / HTTP/1.1\r\nA: "));
    for (int i = 0; i < 17000; i++)
        buf_byte(&o, 'a');
    assert_int_equal(parse(buf_str(&o), &r), 431);
}

/* A head that comes byte by byte ends at the same place. */
static void test_end_is_found_in_pieces(void **state)
{
    (void)state;
    str head = S("GET / HTTP/1.1\r\n" H "A: b\r\n\r\nGET");
    size_t scanned = 0, n = 0;
    const char *why;
    for (size_t i = 0; i <= head.n && n == 0; i++)
        assert_int_equal(parse_find_end(str_sub(head, 0, i), &scanned, 16384, &n, &why), 0);
    assert_int_equal(n, head.n - 3);
}

static parse_step feed(str text, size_t cut, buf *out, size_t *used)
{
    parse_chunks s = { 0 };
    parse_step r = PARSE_MORE;
    size_t at = 0;
    str pieces[2] = { str_sub(text, 0, cut), str_from(text, cut) }, data;
    for (int i = 0; i < 2; i++) {
        at = 0;
        while ((r = parse_chunk(&s, pieces[i], &at, &data)) == PARSE_DATA)
            buf_add(out, data);
        if (r != PARSE_MORE)
            break;
    }
    *used = text.n;
    return r;
}

static void test_chunks_cut_anywhere(void **state)
{
    (void)state;
    str text = S("5\r\nhello\r\nA;name=\"v\"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
    for (size_t cut = 0; cut <= text.n; cut++) {
        buf o = buf_in(a);
        size_t used;
        assert_int_equal(feed(text, cut, &o, &used), PARSE_END);
        assert_true(str_eq(buf_str(&o), S("hello0123456789")));
    }
}

static void test_bad_chunks(void **state)
{
    (void)state;
    static const str bad[] = {
        S_INIT("\r\n"), S_INIT("g\r\n"), S_INIT("-1\r\n"), S_INIT("0x5\r\n"), S_INIT(" 5\r\nhello\r\n"),
        S_INIT("5 \r\nhello\r\n"), S_INIT("5\nhello"), S_INIT("5\r\nhelloX"), S_INIT("5\r\nhello\nX"),
        S_INIT("5\r\nhello\r\r"), S_INIT("1234567890abcdef\r\n"), S_INIT("00000000000000005\r\nhello\r\n"),
        S_INIT("5;a\x01\r\n"), S_INIT("5;a\nb\r\n"), S_INIT("0\r\nA b: c\r\n\r\n"), S_INIT("0\r\n: c\r\n\r\n"),
        S_INIT("0\r\nabc\r\n\r\n"), S_INIT("0\r\n folded\r\n\r\n"), S_INIT("0\r\n\rX"), S_INIT("0\r\n\nX"),
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        buf o = buf_in(a);
        size_t used;
        if (feed(bad[i], bad[i].n, &o, &used) != PARSE_BAD)
            fail_msg("chunks %zu were accepted", i);
    }
}

static void test_endless_extensions_end(void **state)
{
    (void)state;
    parse_chunks s = { 0 };
    size_t at = 0;
    str data;
    assert_int_equal(parse_chunk(&s, S("5;"), &at, &data), PARSE_MORE);
    parse_step r = PARSE_MORE;
    for (int i = 0; i < 10000 && r == PARSE_MORE; i++) {
        at = 0;
        r = parse_chunk(&s, S("x"), &at, &data);
    }
    assert_int_equal(r, PARSE_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table), cmocka_unit_test(test_values), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_end_is_found_in_pieces), cmocka_unit_test(test_chunks_cut_anywhere),
        cmocka_unit_test(test_bad_chunks), cmocka_unit_test(test_endless_extensions_end),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
