/* table_reader — what the targets of readers share: a sink that holds a reader to its contract (block.h), and a file of
 * the bytes. Included by one target each. */
#ifndef FUZZ_TABLE_READER_H
#define FUZZ_TABLE_READER_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool begin(ctx *c, void *to, const table_head *h)
{
    (void)c;
    must(h->col_count <= TABLE_COLS_MAX);
    *(size_t *)to = h->col_count;
    return true;
}

static bool block(ctx *c, void *to, const table_block *b)
{
    (void)c;
    must(b->cols == *(size_t *)to && b->rows > 0 && b->rows <= TABLE_BLOCK_ROWS);
    size_t sum = 0;
    for (size_t i = 0; i < b->rows * b->cols; i++) /* every byte is read: the sanitizer sees what is not there */
        for (size_t k = 0; k < b->cells[i].n; k++)
            sum += (unsigned char)b->cells[i].p[k];
    must(sum < SIZE_MAX);
    return true;
}

static bool finding(ctx *c, void *to, const table_finding *f)
{
    (void)c, (void)to;
    must(f->code != NULL && f->count > 0);
    return true;
}

static bool end(ctx *c, void *to)
{
    (void)c, (void)to;
    return true;
}

static table_sink sink_of(size_t *cols)
{
    return (table_sink){ cols, begin, block, finding, end };
}

static source source_of(ctx *c, const uint8_t *data, size_t size)
{
    static int fd = -1;
    source s;
    if (fd < 0)
        fd = memfd_create("fuzz", MFD_CLOEXEC);
    must(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    must(source_open(c, fd, S("fuzz"), &s));
    return s;
}

/* An empty file to unpack into. */
static inline int scratch_file(void)
{
    static int fd = -1;
    if (fd < 0)
        fd = memfd_create("scratch", MFD_CLOEXEC);
    must(ftruncate(fd, 0) == 0);
    return fd;
}

/* For the readers that take a whole file. */
#define READER_TARGET(read)                                                                            \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                                        \
    {                                                                                                  \
        size_t cols = 0;                                                                               \
        ctx c = { .a = arena_new(16384) };                                                             \
        table_sink sink = sink_of(&cols);                                                              \
        source s = source_of(&c, data, size);                                                          \
        bool ok = read(&c, &s, &(reader_options){ .scratch = scratch_file(), .max_bytes = 1 << 24 }, &sink);        \
        must(ok == (c.err.code == ERR_OK));                                                            \
        arena_free(c.a);                                                                               \
        return 0;                                                                                      \
    }
#endif
