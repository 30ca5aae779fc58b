/* The head of a request and what follows it as a chunked body. Read in pieces as from a slow client and read whole,
 * the bytes mean the same; what was taken is well-formed, unambiguous in its framing, and means the same when it is
 * written again; the path never climbs. */
#include "fuzz.h"
#include "kit/http/parse.h"
#include "kit/http/run.h"

#define HEAD_MAX 12000

static int find_whole(str b, size_t *head_n)
{
    size_t scanned = 0;
    const char *why = NULL;
    int status = parse_find_end(b, &scanned, HEAD_MAX, head_n, &why);
    must(status == 0 || why != NULL);
    must(*head_n <= b.n && scanned <= b.n);
    return status;
}

static void find_in_pieces(str b, size_t piece, int whole, size_t whole_n)
{
    size_t scanned = 0, head_n = 0;
    const char *why = NULL;
    int status = 0;
    for (size_t n = 0; status == 0 && head_n == 0 && n < b.n;) {
        n = n + piece < b.n ? n + piece : b.n;
        status = parse_find_end(str_sub(b, 0, n), &scanned, HEAD_MAX, &head_n, &why);
    }
    if (status == 414 || status == 431) /* seen before the end has come */
        must(whole != 0 || whole_n == 0 || (status == 414 && whole_n > PARSE_TARGET_MAX));
    else
        must(status == whole && head_n == whole_n);
}

static str written(arena *a, const parse_result *r)
{
    static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
    buf b = buf_in(a);
    buf_fmt(&b, "%s %.*s HTTP/1.%d\r\n", methods[r->method], S_ARG(r->target), r->minor);
    for (size_t i = 0; i < r->headers.n; i++)
        buf_fmt(&b, "%.*s:%.*s\r\n", S_ARG(r->headers.v[i].name), S_ARG(r->headers.v[i].value));
    buf_add(&b, S("\r\n"));
    return buf_str(&b);
}

static void check_head(const parse_result *r, str head)
{
    int hosts = 0, framings = 0;
    must(r->target.n > 0 && r->target.n <= PARSE_TARGET_MAX && fuzz_inside(head, r->target));
    must(r->minor == 0 || r->minor == 1);
    for (size_t i = 0; i < r->headers.n; i++) {
        const url_pair *h = &r->headers.v[i];
        must(parse_is_token(h->name) && fuzz_inside(head, h->name) && fuzz_inside(head, h->value));
        for (size_t k = 0; k < h->name.n; k++)
            must(h->name.p[k] < 'A' || h->name.p[k] > 'Z');
        for (size_t k = 0; k < h->value.n; k++)
            must(h->value.p[k] != '\r' && h->value.p[k] != '\n' && h->value.p[k] != 0);
        hosts += str_eq(h->name, S("host"));
        framings += str_eq(h->name, S("content-length")) || str_eq(h->name, S("transfer-encoding"));
    }
    must(hosts == 1 || (hosts == 0 && r->minor == 0));
    must(framings == (r->framing == PARSE_NO_BODY ? 0 : 1));
    must(r->length >= 0 && (r->framing == PARSE_LENGTH || r->length == 0));
}

static void same_again(arena *a, const parse_result *r)
{
    str text = written(a, r);
    parse_result again;
    const char *why = NULL;
    must(parse_head(a, (char *)(uintptr_t)text.p, text.n, &again, &why) == 0);
    must(again.method == r->method && again.minor == r->minor && str_eq(again.target, r->target)
         && str_eq(again.host, r->host) && again.framing == r->framing && again.length == r->length
         && again.keep_alive == r->keep_alive && again.expect_continue == r->expect_continue
         && again.headers.n == r->headers.n);
    for (size_t i = 0; i < r->headers.n; i++)
        must(str_eq(again.headers.v[i].name, r->headers.v[i].name)
             && str_eq(again.headers.v[i].value, r->headers.v[i].value));
}

static void check_request(arena *a, const parse_result *r)
{
    run_work w = { .a = a, .c = { .a = a } };
    http_config cfg = { .trusted_proxy = S("127.0.0.1") };
    bool ok = request_make(&w, r, S("127.0.0.1"), false, &cfg);
    must(w.r.remote.n > 0 && w.r.remote.n < 64);
    if (!ok) {
        fuzz_refused(&w.c, ok);
        return;
    }
    must(utf8_valid(w.r.path, NULL));
    for (size_t i = 0; i < w.segments.n; i++)
        must(!str_eq(w.segments.v[i], S(".")) && !str_eq(w.segments.v[i], S("..")));
    must(str_find_byte(w.r.path, 0) == w.r.path.n && str_find_byte(w.r.path, '\n') == w.r.path.n);
}

/* The body of a chunked message, fed `piece` bytes at a time. *used: where it ended. */
static parse_step read_chunks(arena *a, str in, size_t piece, buf *body, size_t *used)
{
    parse_chunks s = { 0 };
    parse_step step = PARSE_MORE;
    *body = buf_in(a);
    *used = 0;
    for (size_t from = 0; from < in.n;) {
        str part = str_sub(in, from, from + piece), data;
        size_t at = 0;
        while ((step = parse_chunk(&s, part, &at, &data)) == PARSE_DATA) {
            must(data.n > 0 && fuzz_inside(part, data));
            buf_add(body, data);
        }
        from += at;
        *used = from;
        if (step != PARSE_MORE)
            return step;
        must(at == part.n);
    }
    return PARSE_MORE;
}

static void check_chunks(arena *a, str in)
{
    buf whole, pieces, again;
    size_t used, used_pieces;
    parse_step step = read_chunks(a, in, in.n + 1, &whole, &used);
    must(whole.n <= in.n);
    for (size_t piece = 1; piece <= 7; piece += 3) {
        must(read_chunks(a, in, piece, &pieces, &used_pieces) == step && used_pieces == used);
        must(str_eq(buf_str(&pieces), buf_str(&whole)));
    }
    if (step != PARSE_END)
        return;
    buf b = buf_in(a);
    if (whole.n > 0) {
        buf_fmt(&b, "%zX\r\n", whole.n);
        buf_add(&b, buf_str(&whole));
        buf_add(&b, S("\r\n"));
    }
    buf_add(&b, S("0\r\n\r\n"));
    must(read_chunks(a, buf_str(&b), b.n, &again, &used) == PARSE_END && used == b.n);
    must(str_eq(buf_str(&again), buf_str(&whole)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str in = fuzz_str(data, size);
    size_t head_n;
    int status = find_whole(in, &head_n);
    for (size_t piece = 1; piece <= 64; piece *= 8)
        find_in_pieces(in, piece, status, head_n);
    arena *a = arena_new(16384);
    if (head_n == 0) {
        check_chunks(a, in);
    } else if (status == 0) {
        char *head = mem_get(head_n);
        memcpy(head, in.p, head_n);
        parse_result r;
        const char *why = NULL;
        status = parse_head(a, head, head_n, &r, &why);
        must(status == 0 || (status >= 400 && status <= 505 && why != NULL));
        if (status == 0) {
            check_head(&r, (str){ head, head_n });
            same_again(a, &r);
            check_request(a, &r);
            if (r.framing == PARSE_CHUNKED)
                check_chunks(a, str_from(in, head_n));
        }
        mem_free(head);
    }
    arena_free(a);
    return 0;
}
