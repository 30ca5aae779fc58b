/* A column file of any bytes: refused, or read whole. Sums are mended before (of
 * the header and the directory, then of every section), so that what lies behind
 * them is reached: a file that was made to deceive has right sums too. */
#include <sys/mman.h>
#include <unistd.h>

#include "kit/table/column_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t at64(const uint8_t *p, size_t at)
{
    uint64_t v;
    memcpy(&v, p + at, 8);
    return v;
}

static void mend(uint8_t *p, size_t n)
{
    uint64_t from = at64(p, HEADER_DIRECTORY), bytes = n, sum;
    memcpy(p, COLUMN_MAGIC, 8);
    memcpy(p + HEADER_BYTES, &bytes, 8);
    if (from >= COLUMN_HEADER_BYTES && from <= n) {
        bytes = n - from;
        memcpy(p + HEADER_DIRECTORY_BYTES, &bytes, 8);
        sum = column_sum(p + from, bytes);
        memcpy(p + HEADER_DIRECTORY_SUM, &sum, 8);
    }
    sum = column_sum(p, HEADER_SUM);
    memcpy(p + HEADER_SUM, &sum, 8);
}

static void mend_section(const column_file *f, uint8_t *p, const column_section *s)
{
    uint64_t left = column_stored(s->bytes), at = s->at;
    for (uint32_t i = 0; s->at != 0 && i < s->sum_count; i++) {
        size_t n = left < COLUMN_SUM_BLOCK ? (size_t)left : COLUMN_SUM_BLOCK;
        uint64_t sum = column_sum(p + at, n);
        memcpy(p + ((const uint8_t *)s->sums - f->map) + (size_t)i * 8, &sum, 8);
        at += n;
        left -= n;
    }
}

/* The directory is sound: now the sections are, whatever they hold. */
static bool mend_all(ctx *c, int fd, uint8_t *p, size_t n)
{
    column_file *f = NULL;
    if (!column_file_open_fd(c, fd, &f)) {
        err_clear(c);
        return false;
    }
    mend_section(f, p, &f->place_bytes.section);
    mend_section(f, p, &f->place_lines.section);
    for (size_t i = 0; i < f->count; i++)
        for (unsigned r = 1; r < ROLES; r++)
            mend_section(f, p, &f->columns[i].sections[r]);
    column_file_close(f);
    mend(p, n);
    return pwrite(fd, p, n, 0) == (ssize_t)n;
}

static void read_column(ctx *c, const column_file *f, size_t col)
{
    char room[COLUMN_NUMBER_ROOM];
    column_view v;
    int64_t key;
    double number;
    uint64_t bytes = 0;
    uint32_t code;
    if (!column_use(c, f, col, &v))
        return;
    for (uint64_t r = 0; r < v.rows; r++) {
        str s = column_text(&v, r, room);
        for (size_t i = 0; i < s.n; i++)
            bytes += (unsigned char)s.p[i];
        if (column_is_null(&v, r))
            must(column_why_null(&v, r) < COLUMN_NULL_KINDS);
        bytes += column_key(&v, r, &key) + column_number(&v, r, &number);
        if (v.form == COLUMN_CODES && r < 64)
            bytes += column_entry_find(&v, s, &code);
    }
    must(bytes < UINT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ctx c = { .a = arena_new(16384) };
    column_file *f = NULL;
    int fd = memfd_create("column", 0);
    uint8_t *p = arena_get(c.a, size + 1);
    must(fd >= 0);
    memcpy(p, data, size);
    if (size >= COLUMN_HEADER_BYTES)
        mend(p, size);
    if (write(fd, p, size) == (ssize_t)size && mend_all(&c, fd, p, size) && column_file_open_fd(&c, fd, &f)) {
        uint64_t byte, line;
        bool known;
        for (size_t i = 0; i < column_file_count(f); i++)
            read_column(&c, f, i);
        for (uint64_t r = 0; r < column_file_rows(f) && r < 1000; r++)
            if (!column_file_place(&c, f, r, &byte, &line, &known))
                break;
    }
    column_file_close(f);
    close(fd);
    arena_free(c.a);
    return 0;
}
