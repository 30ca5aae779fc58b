/* buf — growing bytes with a stated maximum, in an arena. The only place that
 * formats text. Going over the maximum sets `over` and drops what would not
 * fit: check it once at the end (buf_fits) where the size comes from outside. */
#ifndef BUF_H
#define BUF_H
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

#define BUF_MAX_DEFAULT ((size_t)64 << 20)

typedef struct {
    char  *p;
    size_t n, cap, max;
    arena *a;
    bool   over;
} buf;

static inline buf buf_in(arena *a)
{
    return (buf){ .a = a, .max = BUF_MAX_DEFAULT };
}
static inline buf buf_max(arena *a, size_t max)
{
    return (buf){ .a = a, .max = max };
}
static inline str buf_str(const buf *b)
{
    return (str){ b->p, b->n };
}
static inline bool buf_fits(const buf *b)
{
    return !b->over;
}
bool buf_room(buf *b, size_t more);               /* makes room; false and over when past max */
static inline void buf_add(buf *b, str s)
{
    if (s.n > 0 && (b->cap - b->n >= s.n || buf_room(b, s.n))) {
        memcpy(b->p + b->n, s.p, s.n);
        b->n += s.n;
    }
}
static inline void buf_byte(buf *b, char c)
{
    if (b->cap > b->n || buf_room(b, 1))
        b->p[b->n++] = c;
}
void buf_i64(buf *b, int64_t v);
void buf_f64(buf *b, double v);                   /* shortest text that reads back the same */
void buf_fmt(buf *b, const char *fmt, ...) printf_like(2, 3);
void buf_vfmt(buf *b, const char *fmt, va_list ap) printf_like(2, 0);
void buf_utf8(buf *b, uint32_t code);
void buf_hex(buf *b, const void *bytes, size_t n);
void buf_hex_u64(buf *b, uint64_t v, int least_digits);   /* as %0*x */
str  str_fmt(arena *a, const char *fmt, ...) printf_like(2, 3);
#endif
