#include "kit/source/wide.h"

static bool fill(ctx *c, wide *w, size_t least)
{
    memmove(w->held, w->held + w->from, w->n - w->from);
    w->n -= w->from;
    w->from = 0;
    while (w->n < least && !w->ended) {
        size_t got;
        if (!w->in.read(c, w->in.from, w->held + w->n, sizeof w->held - w->n, &got))
            return false;
        w->n += got;
        w->ended = got == 0;
    }
    return true;
}

static bool look(ctx *c, wide *w)
{
    if (!fill(c, w, 4))
        return false;
    const unsigned char *b = w->held;
    w->order = 1;
    if (w->n >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0) {
        w->from = w->mark = 3;
    } else if (w->n >= 2 && ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff))) {
        w->order = b[0] == 0xff ? 2 : 3;
        w->from = 2;
    } else if (w->n >= 4 && (b[0] == 0) != (b[1] == 0) && (b[0] == 0) == (b[2] == 0) && (b[1] == 0) == (b[3] == 0)) {
        w->order = b[1] == 0 ? 2 : 3;
    }
    return true;
}

bool wide_moved(const wide *w)
{
    return w->order > 1;
}

static uint32_t unit(const wide *w, size_t at)
{
    const unsigned char *b = w->held + w->from + at;
    return w->order == 2 ? b[0] | (uint32_t)b[1] << 8 : b[1] | (uint32_t)b[0] << 8;
}

static bool convert(ctx *c, wide *w, char *to, size_t room, size_t *got)
{
    while (room - *got >= 4) {
        if (w->n - w->from < 4 && !fill(c, w, 4))
            return false;
        size_t have = w->n - w->from, used = 2;
        if (have == 0)
            return true;
        uint32_t u = have >= 2 ? unit(w, 0) : 0;
        if (u >= 0xd800 && u < 0xdc00 && have >= 4) {
            uint32_t low = unit(w, 2);
            u = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00) : u;
            used = 4;
        }
        if (have < 2 || (u >= 0xd800 && u < 0xe000))
            return fail(c, INVALID, "the text is UTF-16 with half a character in it");
        *got += utf8_encode(u, to + *got);
        w->from += used;
    }
    return true;
}

static bool read_on(ctx *c, void *from, void *to, size_t room, size_t *got)
{
    wide *w = from;
    *got = 0;
    if (w->order == 0 && !look(c, w))
        return false;
    if (w->order > 1)
        return convert(c, w, to, room, got);
    if (w->n > w->from) {
        *got = w->n - w->from < room ? w->n - w->from : room;
        memcpy(to, w->held + w->from, *got);
        w->from += *got;
        return true;
    }
    return w->ended || w->in.read(c, w->in.from, to, room, got);
}

byte_in wide_bytes(wide *w, byte_in in)
{
    w->in = in;
    w->order = 0;
    w->from = w->n = 0;
    w->ended = false;
    return (byte_in){ .from = w, .read = read_on };
}
