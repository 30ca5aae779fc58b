#include "base.h"

#include <stdio.h>
#include <stdlib.h>

bool buf_room(buf *b, size_t more)
{
    if (b->over || more > b->max || b->n > b->max - more) {
        b->over = true;
        b->cap = b->n; /* nothing more is added: a text with a hole in it would be worse */
        return false;
    }
    size_t need = b->n + more;
    if (need > b->cap) {
        size_t cap = b->cap < 128 ? 256 : b->cap * 2;
        if (cap < need)
            cap = need;
        if (cap > b->max)
            cap = b->max;
        b->p = arena_grow_raw(b->a, b->p, b->cap, cap);
        b->cap = cap;
    }
    return true;
}

void buf_i64(buf *b, int64_t v)
{
    char tmp[24];
    char *p = tmp + sizeof tmp;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        *--p = (char)('0' + u % 10);
    while ((u /= 10) > 0);
    if (v < 0)
        *--p = '-';
    buf_add(b, (str){ p, (size_t)(tmp + sizeof tmp - p) });
}

void buf_f64(buf *b, double v)
{
    char tmp[40];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(tmp, sizeof tmp, "%.*g", digits, v);
        if (strtod(tmp, NULL) == v)
            break;
    }
    buf_add(b, str_of(tmp));
}

void buf_vfmt(buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    if (b->cap == 0)
        (void)buf_room(b, 1);
    size_t room = b->cap - b->n; /* most texts fit at once: they are formatted one time, not two */
    int n = vsnprintf(room > 0 ? b->p + b->n : NULL, room, fmt, ap);
    must(n >= 0);
    if ((size_t)n < room) {
        b->n += (size_t)n;
    } else if (buf_room(b, (size_t)n + 1)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void buf_fmt(buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vfmt(b, fmt, ap);
    va_end(ap);
}

str str_fmt(arena *a, const char *fmt, ...)
{
    buf b = buf_in(a);
    va_list ap;
    va_start(ap, fmt);
    buf_vfmt(&b, fmt, ap);
    va_end(ap);
    return buf_str(&b);
}

void buf_utf8(buf *b, uint32_t code)
{
    char tmp[4];
    buf_add(b, (str){ tmp, utf8_encode(code, tmp) });
}

void buf_hex(buf *b, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) {
        buf_byte(b, "0123456789abcdef"[p[i] >> 4]);
        buf_byte(b, "0123456789abcdef"[p[i] & 15]);
    }
}

void buf_hex_u64(buf *b, uint64_t v, int least_digits)
{
    char tmp[16];
    size_t n = 0;
    must(least_digits <= (int)sizeof tmp);
    do
        tmp[sizeof tmp - ++n] = "0123456789abcdef"[v & 15];
    while ((v >>= 4) > 0 || n < (size_t)least_digits);
    buf_add(b, (str){ tmp + sizeof tmp - n, n });
}
