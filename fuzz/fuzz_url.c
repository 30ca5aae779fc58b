/* Addresses: what is taken apart is the same when it is put together again; encoding and decoding undo each other;
 * what is made safe is plain ASCII and stays as it is; no key, password or query reaches a log. */
#include "fuzz.h"
#include "kit/text/url.h"

static str together(arena *a, const url *u)
{
    buf b = buf_in(a);
    buf_fmt(&b, "%.*s://", S_ARG(u->scheme));
    if (u->user.n > 0)
        buf_fmt(&b, "%.*s@", S_ARG(u->user));
    buf_add(&b, u->host);
    if (u->port > 0)
        buf_fmt(&b, ":%d", u->port);
    buf_fmt(&b, "%.*s?%.*s#%.*s", S_ARG(u->path), S_ARG(u->query), S_ARG(u->fragment));
    return buf_str(&b);
}

static void check_parse(arena *a, str in)
{
    url u, again;
    if (!url_parse(in, &u)) {
        must(!url_is_web(in));
        return;
    }
    must(u.host.n > 0 && u.port >= 0 && u.port <= 65535);
    must(u.path.n == 0 || u.path.p[0] == '/');
    must(fuzz_inside(in, u.scheme) && fuzz_inside(in, u.user) && fuzz_inside(in, u.host) && fuzz_inside(in, u.path)
         && fuzz_inside(in, u.query) && fuzz_inside(in, u.fragment));
    must(url_parse(together(a, &u), &again));
    must(str_eq(again.scheme, u.scheme) && str_eq(again.user, u.user) && str_eq(again.host, u.host) && again.port == u.port
         && str_eq(again.path, u.path) && str_eq(again.query, u.query) && str_eq(again.fragment, u.fragment));
}

static void check_coding(arena *a, str in)
{
    str plain, twice, coded = url_encoded(a, in);
    buf path = buf_in(a);
    url_encode_path(&path, in);
    bool nul = str_find_byte(in, 0) < in.n;
    must(url_decode(a, coded, true, &plain) == !nul && (nul || str_eq(plain, in)));
    must(url_decode(a, buf_str(&path), false, &plain) == !nul && (nul || str_eq(plain, in)));
    for (int plus = 0; plus < 2; plus++) {
        if (!url_decode(a, in, plus != 0, &plain))
            continue;
        must(plain.n <= in.n && str_find_byte(plain, 0) == plain.n);
        must(url_decode(a, url_encoded(a, plain), plus != 0, &twice) && str_eq(twice, plain));
    }
}

static void check_safe(arena *a, str in)
{
    str safe = url_safe(a, in);
    for (size_t i = 0; i < safe.n; i++)
        must(safe.p[i] > 0x20 && safe.p[i] < 0x7f && strchr("\"<>\\^`{|}", safe.p[i]) == NULL);
    must(str_eq(url_safe(a, safe), safe));
}

static void check_log(arena *a, str in)
{
    str out = url_for_log(a, in);
    must(str_find_byte(out, '?') == out.n && str_find_byte(out, '#') == out.n);
    size_t start = str_find(out, S("://"));
    str rest = str_from(out, start + 3);
    must(start == out.n || str_find_byte(str_sub(rest, 0, str_find_byte(rest, '/')), '@') >= str_find_byte(rest, '/'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str in = fuzz_str(data, size);
    arena *a = arena_new(16384);
    check_parse(a, in);
    check_coding(a, in);
    check_safe(a, in);
    check_log(a, in);
    arena_free(a);
    return 0;
}
