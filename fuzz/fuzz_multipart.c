/* Forms with files: the first line is the Content-Type, the rest the body. Values are pieces of the body, names are
 * UTF-8, and the same parts come back from a form that is written anew. */
#include "fuzz.h"
#include "kit/http/http.h"

#define BOUNDARY "----openshelf-fuzz"

static bool read_form(ctx *c, str type, str body, http_parts *out)
{
    url_pair h = { S("content-type"), type };
    http_req r = { .headers = { &h, 1, 1 }, .body = body };
    *out = (http_parts){ 0 };
    err_clear(c);
    return http_multipart(c, &r, out);
}

static void quoted(buf *b, str s)
{
    buf_byte(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_byte(b, '\\');
        buf_byte(b, s.p[i]);
    }
    buf_byte(b, '"');
}

static str written(arena *a, const http_parts *p)
{
    buf b = buf_in(a);
    for (size_t i = 0; i < p->n; i++) {
        const http_part *q = &p->v[i];
        buf_add(&b, S("--" BOUNDARY "\r\nContent-Disposition: form-data; name="));
        quoted(&b, q->name);
        if (q->filename.n > 0) {
            buf_add(&b, S("; filename="));
            quoted(&b, q->filename);
        }
        if (q->type.n > 0) {
            buf_add(&b, S("\r\nContent-Type: "));
            buf_add(&b, q->type);
        }
        buf_add(&b, S("\r\n\r\n"));
        buf_add(&b, q->value);
        buf_add(&b, S("\r\n"));
    }
    buf_add(&b, S("--" BOUNDARY "--\r\n"));
    return buf_str(&b);
}

/* Could the part be written with our boundary, its head within the limit? */
static bool can_write(const http_part *p)
{
    return p->name.n + p->filename.n < 1000 && p->type.n < 1000 && !str_has(p->value, S("--" BOUNDARY));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str type, body;
    ctx c = { .a = arena_new(16384) };
    (void)str_cut(fuzz_str(data, size), S("\n"), &type, &body);
    http_parts p, again;
    bool ok = read_form(&c, type, body, &p), can = ok;
    fuzz_refused(&c, ok);
    must(p.n <= 1000);
    for (size_t i = 0; i < p.n; i++) {
        must(fuzz_inside(body, p.v[i].value) && fuzz_inside(body, p.v[i].type));
        must(utf8_valid(p.v[i].name, NULL) && utf8_valid(p.v[i].filename, NULL));
        can = can && can_write(&p.v[i]);
    }
    if (can) {
        must(read_form(&c, S("multipart/form-data; boundary=" BOUNDARY), written(c.a, &p), &again) && again.n == p.n);
        for (size_t i = 0; i < p.n; i++)
            must(str_eq(again.v[i].name, p.v[i].name) && str_eq(again.v[i].filename, p.v[i].filename)
                 && str_eq(again.v[i].type, p.v[i].type) && str_eq(again.v[i].value, p.v[i].value));
    }
    arena_free(c.a);
    return 0;
}
