/* Bytes of unknown encoding: what is UTF-8 stays as it is, what comes out is UTF-8, and it goes back into the
 * encoding that was told and comes out the same. */
#include "fuzz.h"
#include "kit/text/charset.h"

#include <iconv.h>

static str back(ctx *c, const char *to, str text, str mark)
{
    size_t room = text.n * 2 + 16, left = text.n, space = room;
    char *p = arena_get(c->a, room), *in = (char *)(uintptr_t)text.p, *at = p;
    iconv_t h = iconv_open(to, "UTF-8");
    must(h != (iconv_t)-1);
    must(iconv(h, &in, &left, &at, &space) != (size_t)-1 && left == 0);
    iconv_close(h);
    return str_cat(c->a, mark, (str){ p, room - space });
}

static void check_name(ctx *c, str in, const charset_text *t)
{
    str name = str_of(t->name);
    charset_text again;
    if (str_eq(name, S("UTF-8"))) {
        must(t->text.p == in.p && t->text.n == in.n);
    } else if (str_eq(name, S("UTF-8-BOM"))) {
        must(in.n >= 3 && t->text.n == in.n - 3);
    } else if (str_eq(name, S("CP950"))) {
        must(!utf8_valid(in, NULL));
        str bytes = back(c, t->name, t->text, S(""));
        must(charset_read(c, bytes, &again));
        must(!str_eq(str_of(again.name), name) || str_eq(again.text, t->text));
    } else {
        bool little = str_eq(name, S("UTF-16LE"));
        must(little || str_eq(name, S("UTF-16BE")));
        str bytes = back(c, t->name, t->text, little ? S("\xff\xfe") : S("\xfe\xff"));
        must(charset_read(c, bytes, &again) && str_eq(again.text, t->text) && str_eq(str_of(again.name), name));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str in = fuzz_str(data, size);
    ctx c = { .a = arena_new(16384) };
    charset_text t;
    bool ok = charset_read(&c, in, &t);
    fuzz_refused(&c, ok);
    if (ok) {
        must(utf8_valid(t.text, NULL));
        check_name(&c, in, &t);
    }
    arena_free(c.a);
    return 0;
}
