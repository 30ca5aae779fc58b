/* Query strings and bodies of forms: what is taken is UTF-8 without NUL, within the limit, and the same when it is
 * written again; numbers asked for are within their bounds. */
#include "fuzz.h"
#include "kit/http/http.h"

#define PAIRS_MAX 50

static str written(arena *a, const url_pairs *p)
{
    buf b = buf_in(a);
    for (size_t i = 0; i < p->n; i++) {
        if (i > 0)
            buf_byte(&b, '&');
        url_encode(&b, p->v[i].name);
        buf_byte(&b, '=');
        url_encode(&b, p->v[i].value);
    }
    return buf_str(&b);
}

static void check_number(ctx *c, const url_pairs *args)
{
    http_req r = { .args = *args };
    int64_t page;
    err_clear(c);
    bool ok = http_arg_int(c, &r, "page", 7, -3, 1000, &page);
    str said = http_arg(&r, "page");
    fuzz_refused(c, ok);
    if (ok)
        must(said.n == 0 ? page == 7 : page >= -3 && page <= 1000);
    else
        must(str_eq(c->err.field, S("page")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ctx c = { .a = arena_new(16384) };
    url_pairs p = { 0 }, again = { 0 };
    bool ok = url_query(&c, fuzz_str(data, size), PAIRS_MAX, &p);
    fuzz_refused(&c, ok);
    must(p.n <= PAIRS_MAX);
    for (size_t i = 0; i < p.n; i++) {
        str name = p.v[i].name, value = p.v[i].value;
        must(utf8_valid(name, NULL) && utf8_valid(value, NULL));
        must(str_find_byte(name, 0) == name.n && str_find_byte(value, 0) == value.n);
    }
    if (ok) {
        must(url_query(&c, written(c.a, &p), PAIRS_MAX, &again) && again.n == p.n);
        for (size_t i = 0; i < p.n; i++)
            must(str_eq(again.v[i].name, p.v[i].name) && str_eq(again.v[i].value, p.v[i].value));
        check_number(&c, &p);
    }
    arena_free(c.a);
    return 0;
}
