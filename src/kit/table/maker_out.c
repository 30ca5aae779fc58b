#include <errno.h>

#include "kit/table/maker.h"

static bool write_at(ctx *c, int fd, uint64_t at, const char *p, size_t n)
{
    return file_put_at(fd, (str){ p, n }, at) || fail(c, IO, "writing a column file: %s", strerrordesc_np(errno));
}

maker_out maker_out_open(arena *a, int fd)
{
    return (maker_out){ .fd = fd, .at = COLUMN_HEADER_BYTES, .block = mem_get(COLUMN_SUM_BLOCK),
                        .directory = buf_max(a, (size_t)COLUMN_DIRECTORY_MAX) };
}

void maker_out_free(maker_out *o)
{
    mem_free(o->block);
    mem_free(o->now.sums);
    *o = (maker_out){ .fd = -1 };
}

void maker_out_begin(maker_out *o, column_role role)
{
    o->now.role = role;
    o->now.at = o->at;
    o->now.bytes = 0;
    o->now.sum_n = 0;
    o->block_n = 0;
}

/* A block that is full, or the last: its sum, and into the file. */
static bool end_block(ctx *c, maker_out *o)
{
    maker_section *s = &o->now;
    if (o->block_n == 0)
        return true;
    if (s->sum_n == s->sum_cap) {
        s->sum_cap = s->sum_cap > 0 ? s->sum_cap * 2 : 16;
        s->sums = mem_resize(s->sums, s->sum_cap * sizeof *s->sums);
    }
    s->sums[s->sum_n++] = column_sum(o->block, o->block_n);
    bool ok = write_at(c, o->fd, o->at, o->block, o->block_n);
    o->at += o->block_n;
    o->block_n = 0;
    return ok;
}

static bool add(ctx *c, maker_out *o, const char *p, size_t n)
{
    while (n > 0) {
        size_t k = COLUMN_SUM_BLOCK - o->block_n < n ? COLUMN_SUM_BLOCK - o->block_n : n;
        memcpy(o->block + o->block_n, p, k);
        o->block_n += k;
        p += k;
        n -= k;
        if (o->block_n == COLUMN_SUM_BLOCK && !end_block(c, o))
            return false;
    }
    return true;
}

bool maker_out_add(ctx *c, maker_out *o, const void *bytes, size_t n)
{
    o->now.bytes += n;
    return add(c, o, bytes, n);
}

/* s borrows the sums until the next section begins. */
bool maker_out_end(ctx *c, maker_out *o, maker_section *s)
{
    static const char zeros[2 * COLUMN_ALIGN];
    if (!add(c, o, zeros, (size_t)(column_stored(o->now.bytes) - o->now.bytes)) || !end_block(c, o))
        return false;
    *s = o->now;
    return true;
}

bool maker_out_close(ctx *c, maker_out *o, const column_build *b)
{
    char h[COLUMN_HEADER_BYTES] = { 0 };
    uint64_t bytes = o->at + o->directory.n, n = o->directory.n, sum = column_sum(o->directory.p, o->directory.n);
    uint32_t version = COLUMN_FILE_VERSION, count = (uint32_t)b->count;
    if (!buf_fits(&o->directory))
        return fail(c, TOO_LARGE, "the titles of the table's columns are too long to be kept");
    memcpy(h, COLUMN_MAGIC, 8);
    memcpy(h + HEADER_VERSION, &version, 4);
    memcpy(h + HEADER_COLUMNS, &count, 4);
    memcpy(h + HEADER_ROWS, &b->rows, 8);
    memcpy(h + HEADER_BYTES, &bytes, 8);
    memcpy(h + HEADER_DIRECTORY, &o->at, 8);
    memcpy(h + HEADER_DIRECTORY_BYTES, &n, 8);
    memcpy(h + HEADER_DIRECTORY_SUM, &sum, 8);
    if (b->plan.source != NULL)
        memcpy(h + HEADER_SOURCE, b->plan.source, 32);
    sum = column_sum(h, HEADER_SUM);
    memcpy(h + HEADER_SUM, &sum, 8);
    return write_at(c, o->fd, o->at, o->directory.p, o->directory.n) && write_at(c, o->fd, 0, h, sizeof h);
}
