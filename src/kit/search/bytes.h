/* bytes — growing byte strings and the small numbers written into them, for
 * the structures of the index that manage their own memory. */
#ifndef BYTES_H
#define BYTES_H
#include "base.h"

typedef struct {
    uint8_t *p;
    size_t   n, cap;
} bytes;

static inline void bytes_room(bytes *b, size_t more)
{
    if (b->cap - b->n >= more)
        return;
    size_t cap = b->cap > 0 ? b->cap * 2 : 256;
    while (cap - b->n < more)
        cap *= 2;
    b->p = mem_resize(b->p, cap);
    b->cap = cap;
}
static inline void bytes_add(bytes *b, const void *p, size_t n)
{
    if (n == 0)
        return;
    bytes_room(b, n);
    memcpy(b->p + b->n, p, n);
    b->n += n;
}
static inline void bytes_varint(bytes *b, uint32_t v)
{
    bytes_room(b, 5);
    for (; v >= 128; v >>= 7)
        b->p[b->n++] = (uint8_t)(v | 128);
    b->p[b->n++] = (uint8_t)v;
}
static inline uint32_t bytes_take(const uint8_t **at)
{
    const uint8_t *p = *at;
    uint32_t v = *p++;
    if (v >= 128) {
        v &= 127;
        unsigned shift = 7;
        for (; *p >= 128; shift += 7)
            v |= (uint32_t)(*p++ & 127) << shift;
        v |= (uint32_t)*p++ << shift;
    }
    *at = p;
    return v;
}
static inline void bytes_shrink(bytes *b)
{
    if (b->cap > b->n) {
        b->cap = b->n > 0 ? b->n : 1;
        b->p = mem_resize(b->p, b->cap);
    }
}
static inline void bytes_free(bytes *b)
{
    mem_free(b->p);
    *b = (bytes){ 0 };
}

/* An array that grows in place of a list in an arena. */
#define bytes_list(T) struct { T *v; size_t n, cap; }
#define bytes_push(l, ...)                                                                        \
    ((l)->n == (l)->cap ? (void)((l)->cap = (l)->cap > 0 ? (l)->cap * 2 : 16,                     \
                                 (l)->v = mem_resize((l)->v, (l)->cap * sizeof *(l)->v))          \
                        : (void)0,                                                                \
     (void)((l)->v[(l)->n++] = (__VA_ARGS__)))
#endif
