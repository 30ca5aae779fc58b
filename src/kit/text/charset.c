#include "kit/text/charset.h"

#include <errno.h>
#include <iconv.h>

static bool convert(ctx *c, const char *from, str bytes, str *out, size_t *bad_at)
{
    iconv_t h = iconv_open("UTF-8", from);
    if (h == (iconv_t)-1)
        return fail(c, INTERNAL, "this machine cannot convert from %s", from);
    char *in = (char *)(uintptr_t)bytes.p;
    size_t left = bytes.n, room = bytes.n * 2 + 16;
    char *to = arena_get(c->a, room), *at = to;
    size_t space = room;
    size_t rc = iconv(h, &in, &left, &at, &space);
    iconv_close(h);
    *bad_at = rc == (size_t)-1 || left > 0 ? bytes.n - left : SIZE_MAX;
    *out = (str){ to, (size_t)(at - to) };
    return true;
}

/* Text in UTF-16 is half zeros when it is mostly ASCII; Chinese tables have commas and digits enough. */
static const char *looks_utf16(str b)
{
    size_t even = 0, odd = 0, n = b.n < 4096 ? b.n : 4096;
    for (size_t i = 0; i < n; i++)
        if (b.p[i] == 0)
            *(i % 2 == 0 ? &even : &odd) += 1;
    if (odd > n / 8 && even == 0)
        return "UTF-16LE";
    return even > n / 8 && odd == 0 ? "UTF-16BE" : NULL;
}

bool charset_read(ctx *c, str b, charset_text *out)
{
    size_t bad = SIZE_MAX;
    *out = (charset_text){ .name = "UTF-8", .text = b };
    const char *wide = str_starts(b, S("\xff\xfe")) ? "UTF-16LE" : str_starts(b, S("\xfe\xff")) ? "UTF-16BE" : NULL;
    if (wide != NULL)
        b = str_from(b, 2);
    else if (str_starts(b, S("\xef\xbb\xbf"))) {
        *out = (charset_text){ .name = "UTF-8-BOM", .text = str_from(b, 3) };
        return utf8_valid(out->text, &bad) || fail(c, INVALID, "the text says it is UTF-8 but is not at byte %zu", bad + 4);
    }
    if (wide == NULL)
        wide = looks_utf16(b);
    if (wide == NULL && utf8_valid(b, &bad))
        return true;
    size_t first_bad = bad;
    out->name = wide != NULL ? wide : "CP950";
    if (!convert(c, out->name, b, &out->text, &bad))
        return false;
    if (bad != SIZE_MAX && wide == NULL)
        return fail(c, INVALID, "the text is neither UTF-8 (byte %zu) nor Big5/CP950 (byte %zu)", first_bad + 1, bad + 1);
    return bad == SIZE_MAX || fail(c, INVALID, "the text is not %s at byte %zu", out->name, bad + 1);
}
