/* spill — what columns collect while a table is read: streams of bytes that are
 * written once and then read from the front. Each grows at a tail in memory. When
 * all of them together pass the limit, the tails become heads, which stay in memory
 * as far as it reaches; what comes later goes to one spill file, in pieces that are
 * still in the processor's caches when they are written.
 *
 * A pool belongs to one builder and one thread. Errors: IO, TOO_LARGE (the
 * limit is passed and there is no file). */
#ifndef SPILL_H
#define SPILL_H
#include "base.h"

typedef struct { uint64_t at; uint32_t n; } spill_piece;

typedef struct {
    char   *head;               /* the first bytes: NULL, or for good */
    size_t  head_n;
    char   *tail;
    size_t  tail_n, tail_cap;
    spill_piece *pieces;
    size_t  piece_n, piece_cap;
    uint64_t bytes;             /* of head, pieces and tail */
} spill_stream;

typedef struct {
    int      fd;                /* -1: none */
    uint64_t end;               /* of the file */
    size_t   kept, held, limit; /* bytes in heads and in tails, and what they may be together */
    uint64_t spilled;           /* bytes written so far */
} spill_pool;

/* Room for n bytes at the end of the tail, to be filled at once; the stream is n bytes longer. */
void spill_grow(spill_stream *s, size_t n);
static inline char *spill_room(spill_pool *p, spill_stream *s, size_t n)
{
    if (s->tail_cap - s->tail_n < n)
        spill_grow(s, n);
    char *at = s->tail + s->tail_n;
    s->tail_n += n;
    s->bytes += n;
    p->held += n;
    return at;
}
void  spill_add(spill_pool *p, spill_stream *s, const void *bytes, size_t n);
bool  spill_flush(ctx *c, spill_pool *p, spill_stream *s) nodiscard;    /* its tail becomes the head or goes to the file */
static inline bool spill_is_full(const spill_pool *p)
{
    return p->kept + p->held > p->limit;
}
void  spill_drop(spill_pool *p, spill_stream *s);                       /* its memory; what is in the file is lost to it */

/* Reading from the front: at most as much as is asked for, in place or by a buffer of the reader. */
typedef struct {
    const spill_pool *pool;
    const spill_stream *s;
    size_t piece;               /* 0: the head; then the pieces; then the tail */
    uint64_t in_piece;
    char  *buffer;
    size_t buffer_cap;
    const char *p;              /* bytes not yet taken */
    size_t n;
} spill_reader;

#define SPILL_BUFFER ((size_t)256 << 10)

spill_reader spill_read(const spill_pool *p, const spill_stream *s);
bool spill_more(ctx *c, spill_reader *r) nodiscard;     /* sets p, n to the next bytes when n is 0; n == 0: the end */
bool spill_take_slow(ctx *c, spill_reader *r, void *out, size_t n) nodiscard;
static inline bool spill_take(ctx *c, spill_reader *r, void *out, size_t n)     /* exactly n bytes; INTERNAL beyond the end */
{
    if (r->n < n)
        return spill_take_slow(c, r, out, n);
    memcpy(out, r->p, n);
    r->p += n;
    r->n -= n;
    return true;
}
void spill_read_end(spill_reader *r);
bool spill_read_at(ctx *c, const spill_pool *p, const spill_stream *s, uint64_t at, void *out, size_t n) nodiscard;
#endif
