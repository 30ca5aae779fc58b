/* A shapefile: the first two bytes say how long the shapes are, the attributes follow. */
#include "kit/geo/shp.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool begin(ctx *c, void *to, const table_head *h)
{
    (void)c;
    *(size_t *)to = h->col_count;
    return true;
}

static bool block(ctx *c, void *to, const table_block *b)
{
    (void)c;
    must(b->cols == *(size_t *)to && b->rows > 0 && b->rows <= TABLE_BLOCK_ROWS);
    for (size_t i = 0; i < b->rows * b->cols; i++)
        must(b->cells[i].n == 0 || b->cells[i].p[b->cells[i].n - 1] != 0);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    if (size < 2)
        return 0;
    if (fd < 0)
        fd = memfd_create("fuzz", MFD_CLOEXEC);
    must(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    size_t cols = 0, shapes = data[0] | (size_t)data[1] << 8;
    ctx c = { .a = arena_new(16384) };
    source s;
    table_sink sink = { &cols, begin, block, finding, end };
    must(source_open(&c, fd, S("fuzz"), &s));
    shp_parts p = { source_part(&s, 2, shapes, S("shp")), source_part(&s, 2 + shapes, size, S("dbf")), { 0 }, { 0 } };
    bool ok = shp_read(&c, &p, S("fuzz"), &sink);
    must(ok == (c.err.code == ERR_OK));
    arena_free(c.a);
    return 0;
}
