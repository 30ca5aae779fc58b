#include "kit/table/spill.h"

#include <errno.h>
#include <unistd.h>

#define TAIL_FIRST ((size_t)256)

void spill_grow(spill_stream *s, size_t n)
{
    size_t cap = s->tail_cap > 0 ? s->tail_cap : TAIL_FIRST;
    while (cap - s->tail_n < n)
        cap *= 2;
    s->tail = mem_resize(s->tail, cap);
    s->tail_cap = cap;
}

void spill_add(spill_pool *p, spill_stream *s, const void *bytes, size_t n)
{
    if (n > 0)
        memcpy(spill_room(p, s, n), bytes, n);
}

/* The first that a stream holds stays, while an eighth of the memory is left for what comes. */
static bool becomes_head(spill_pool *p, spill_stream *s)
{
    if (s->head != NULL || s->piece_n > 0 || p->kept + s->tail_n > p->limit - p->limit / 8)
        return false;
    s->head = mem_resize(s->tail, s->tail_n);
    s->head_n = s->tail_n;
    p->kept += s->tail_n;
    p->held -= s->tail_n;
    s->tail = NULL;
    s->tail_n = s->tail_cap = 0;
    return true;
}

bool spill_flush(ctx *c, spill_pool *p, spill_stream *s)
{
    if (p->fd < 0)
        return fail(c, TOO_LARGE, "the table does not fit the memory of %zu MB, and there is no file to put it aside", p->limit >> 20);
    if (s->tail_n == 0 || becomes_head(p, s))
        return true;
    for (size_t done = 0, n; done < s->tail_n; done += n) {
        n = s->tail_n - done < ((size_t)1 << 30) ? s->tail_n - done : (size_t)1 << 30;
        if (!file_put_at(p->fd, (str){ s->tail + done, n }, p->end))
            return fail(c, IO, "writing aside what a table holds: %s", strerrordesc_np(errno));
        if (s->piece_n == s->piece_cap) {
            s->piece_cap = s->piece_cap > 0 ? s->piece_cap * 2 : 4;
            s->pieces = mem_resize(s->pieces, s->piece_cap * sizeof *s->pieces);
        }
        s->pieces[s->piece_n++] = (spill_piece){ .at = p->end, .n = (uint32_t)n };
        p->end += n;
        p->spilled += n;
    }
    p->held -= s->tail_n;
    s->tail_n = 0;
    return true;
}

void spill_drop(spill_pool *p, spill_stream *s)
{
    p->held -= s->tail_n;
    p->kept -= s->head_n;
    mem_free(s->head);
    mem_free(s->tail);
    mem_free(s->pieces);
    *s = (spill_stream){ 0 };
}

static bool read_file(ctx *c, int fd, uint64_t at, char *out, size_t n)
{
    while (n > 0) {
        ssize_t r = pread(fd, out, n, (off_t)at);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return fail(c, IO, "reading back what was written aside: %s", r < 0 ? strerrordesc_np(errno) : "it is shorter than it was");
        out += r;
        at += (uint64_t)r;
        n -= (size_t)r;
    }
    return true;
}

spill_reader spill_read(const spill_pool *p, const spill_stream *s)
{
    return (spill_reader){ .pool = p, .s = s };
}

bool spill_more(ctx *c, spill_reader *r)
{
    const spill_stream *s = r->s;
    if (r->n > 0)
        return true;
    if (r->piece == 0) {
        r->piece++;
        r->p = s->head;
        r->n = s->head_n;
        if (r->n > 0)
            return true;
    }
    if (r->piece <= s->piece_n) {
        const spill_piece *k = &s->pieces[r->piece - 1];
        size_t n = k->n - r->in_piece < SPILL_BUFFER ? (size_t)(k->n - r->in_piece) : SPILL_BUFFER;
        if (r->buffer_cap < n) {
            r->buffer = mem_resize(r->buffer, n);
            r->buffer_cap = n;
        }
        if (!read_file(c, r->pool->fd, k->at + r->in_piece, r->buffer, n))
            return false;
        r->in_piece += n;
        if (r->in_piece == k->n) {
            r->piece++;
            r->in_piece = 0;
        }
        r->p = r->buffer;
        r->n = n;
    } else if (r->piece == s->piece_n + 1) {    /* the tail, whole */
        r->piece++;
        r->p = s->tail;
        r->n = s->tail_n;
    }
    return true;
}

bool spill_take_slow(ctx *c, spill_reader *r, void *out, size_t n)
{
    char *to = out;
    while (n > 0) {
        if (!spill_more(c, r))
            return false;
        if (r->n == 0)
            return fail(c, INTERNAL, "a column ends before its rows do");
        size_t k = r->n < n ? r->n : n;
        memcpy(to, r->p, k);
        r->p += k;
        r->n -= k;
        to += k;
        n -= k;
    }
    return true;
}

void spill_read_end(spill_reader *r)
{
    mem_free(r->buffer);
    *r = (spill_reader){ 0 };
}

bool spill_read_at(ctx *c, const spill_pool *p, const spill_stream *s, uint64_t at, void *out, size_t n)
{
    char *to = out;
    if (at < s->head_n) {
        size_t part = s->head_n - at < n ? (size_t)(s->head_n - at) : n;
        memcpy(to, s->head + at, part);
        to += part;
        n -= part;
        at += part;
    }
    at -= s->head_n;
    for (size_t i = 0; i < s->piece_n && n > 0; i++) {
        const spill_piece *k = &s->pieces[i];
        if (at >= k->n) {
            at -= k->n;
            continue;
        }
        size_t part = k->n - at < n ? (size_t)(k->n - at) : n;
        if (!read_file(c, p->fd, k->at + at, to, part))
            return false;
        to += part;
        n -= part;
        at = 0;
    }
    if (n > 0) {
        must(at + n <= s->tail_n);
        memcpy(to, s->tail + at, n);
    }
    return true;
}
