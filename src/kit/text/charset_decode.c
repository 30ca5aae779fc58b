#include "kit/text/charset_decode.h"

#include <errno.h>
#include <iconv.h>

#include "kit/text/utf8_check.h"

typedef enum { WAY_UTF8, WAY_CP950, WAY_ICONV } way;

struct charset_decoder {
    way            way;
    unsigned       unit;
    iconv_t        handle;
    charset_event *events;             /* mem_get: as many as the worst piece had */
    size_t         n, cap;
};

unsigned charset_unit(const char *name)
{
    return str_starts(str_of(name), S("UTF-16")) ? 2 : str_starts(str_of(name), S("UTF-32")) ? 4 : 1;
}

bool charset_open(ctx *c, const char *name, charset_decoder **out)
{
    charset_decoder *d = new(c->a, charset_decoder);
    d->way = strcmp(name, "UTF-8") == 0 ? WAY_UTF8 : strcmp(name, "CP950") == 0 ? WAY_CP950 : WAY_ICONV;
    d->unit = charset_unit(name);
    if (d->way == WAY_ICONV && (d->handle = iconv_open("UTF-8", name)) == (iconv_t)-1)
        return fail(c, INVALID, "there is no encoding of the name %s", name);
    *out = d;
    return true;
}

void charset_close(charset_decoder *d)
{
    if (d == NULL)
        return;
    if (d->way == WAY_ICONV)
        iconv_close(d->handle);
    mem_free(d->events);
    d->events = NULL;
}

const charset_event *charset_events(const charset_decoder *d, size_t *n)
{
    *n = d->n;
    return d->events;
}

void charset_tell(charset_decoder *d, const charset_piece *w, size_t bytes, bool is_private)
{
    if (d->n == d->cap) {
        d->cap = d->cap > 0 ? d->cap * 2 : 64;
        d->events = mem_resize(d->events, d->cap * sizeof *d->events);
    }
    charset_event *e = &d->events[d->n++];
    *e = (charset_event){ .out_at = (size_t)(w->out - w->out0), .raw_at = (size_t)(w->p - w->raw0), .is_private = is_private };
    e->n = (unsigned char)(bytes < sizeof e->bytes ? bytes : sizeof e->bytes);
    memcpy(e->bytes, w->p, e->n);
}

void charset_lose(charset_decoder *d, charset_piece *w, size_t bytes)
{
    charset_tell(d, w, bytes, false);
    memcpy(w->out, "\xef\xbf\xbd", 3);
    w->out += 3;
    w->p += bytes;
}

static void from_utf8(charset_decoder *d, charset_piece *w)
{
    while (w->p < w->end && w->out_end - w->out >= 8) {
        size_t left = (size_t)(w->end - w->p), space = (size_t)(w->out_end - w->out) - 4;
        str part = { (const char *)w->p, left < space ? left : space };
        size_t good = part.n;
        bool whole = utf8_check(part, &good);
        memcpy(w->out, w->p, good);
        w->out += good;
        w->p += good;
        if (whole)
            continue;
        part = str_from(part, good);
        bool is_cut = utf8_check_tail(part) == part.n;
        if (is_cut && (part.n < left - good || !w->is_end))
            return;
        charset_lose(d, w, 1);
    }
}

static bool by_iconv(ctx *c, charset_decoder *d, charset_piece *w)
{
    while (w->p < w->end && w->out_end - w->out >= 8) {
        char *in = (char *)(uintptr_t)w->p;
        size_t left = (size_t)(w->end - w->p), space = (size_t)(w->out_end - w->out);
        size_t rc = iconv(d->handle, &in, &left, &w->out, &space);
        int why = errno;
        w->p = (const unsigned char *)in;
        if (rc != (size_t)-1 || why == E2BIG)
            break;
        if (why == EINVAL && !w->is_end)
            break;
        if (why != EINVAL && why != EILSEQ)
            return fail(c, INTERNAL, "converting failed (error %d)", why);
        size_t unit = d->unit <= (size_t)(w->end - w->p) ? d->unit : (size_t)(w->end - w->p);
        charset_lose(d, w, unit);
    }
    return true;
}

bool charset_decode(ctx *c, charset_decoder *d, str raw, bool is_end, char *to, size_t room, size_t *used, size_t *made)
{
    const unsigned char *p = (const unsigned char *)raw.p;
    charset_piece w = { .p = p, .end = p + raw.n, .raw0 = p, .out = to, .out0 = to, .out_end = to + room, .is_end = is_end };
    d->n = 0;
    bool ok = true;
    if (d->way == WAY_UTF8)
        from_utf8(d, &w);
    else if (d->way == WAY_CP950)
        charset_cp950(d, &w);
    else
        ok = by_iconv(c, d, &w);
    *used = (size_t)(w.p - p);
    *made = (size_t)(w.out - to);
    return ok;
}
