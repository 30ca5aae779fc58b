#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/table/column_inside.h"

static uint64_t at64(const column_file *f, size_t at)
{
    uint64_t v;
    memcpy(&v, f->map + at, 8);
    return v;
}

static uint32_t at32(const column_file *f, size_t at)
{
    uint32_t v;
    memcpy(&v, f->map + at, 4);
    return v;
}

static bool is_zero(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0)
            return false;
    return true;
}

static bool read_header(ctx *c, column_file *f)
{
    if (memcmp(f->map, COLUMN_MAGIC, 8) != 0)
        return fail(c, INVALID, "%.*s is no column file, or its making was interrupted", S_ARG(f->path));
    if (at32(f, HEADER_VERSION) != COLUMN_FILE_VERSION)
        return fail(c, INVALID, "column file %.*s has version %u, this program reads version %d: load the table again",
                    S_ARG(f->path), at32(f, HEADER_VERSION), COLUMN_FILE_VERSION);
    if (at64(f, HEADER_SUM) != column_sum(f->map, HEADER_SUM))
        return fail(c, INVALID, "column file %.*s: its header is damaged", S_ARG(f->path));
    uint64_t from = at64(f, HEADER_DIRECTORY), n = at64(f, HEADER_DIRECTORY_BYTES);
    f->rows = at64(f, HEADER_ROWS);
    f->count = at32(f, HEADER_COLUMNS);
    if (at64(f, HEADER_BYTES) != f->bytes || from < COLUMN_HEADER_BYTES || from > f->bytes || n != f->bytes - from
        || n > COLUMN_DIRECTORY_MAX)
        return fail(c, INVALID, "column file %.*s: it has %" PRIu64 " bytes where its header says %" PRIu64, S_ARG(f->path), f->bytes,
                    at64(f, HEADER_BYTES));
    if (f->rows > COLUMN_ROWS_MAX || f->count == 0 || f->count > 16384 || !is_zero(f->map + 56, 8) || !is_zero(f->map + 96, 24))
        return fail(c, INVALID, "column file %.*s: its header cannot be", S_ARG(f->path));
    if (at64(f, HEADER_DIRECTORY_SUM) != column_sum(f->map + from, n))
        return fail(c, INVALID, "column file %.*s: its directory is damaged", S_ARG(f->path));
    f->columns = new_n(f->a, inside_column, f->count);
    return column_directory_read(c, f, f->map + from, n);
}

static bool open_named(ctx *c, int fd, str path, column_file **out)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail(c, IO, "column file %.*s: %s", S_ARG(path), strerrordesc_np(errno));
    if (!S_ISREG(st.st_mode) || st.st_size < COLUMN_HEADER_BYTES)
        return fail(c, INVALID, "%.*s is no column file: it is no file or shorter than a header", S_ARG(path));
    void *mapped = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED)
        return fail(c, IO, "column file %.*s: %s", S_ARG(path), strerrordesc_np(errno));
    arena *a = arena_new(16384);
    column_file *f = new(a, column_file);
    f->a = a;
    f->map = mapped;
    f->bytes = (uint64_t)st.st_size;
    f->path = str_dup(a, path);
    if (!read_header(c, f)) {
        column_file_close(f);
        return false;
    }
    *out = f;
    return true;
}

bool column_file_open(ctx *c, str path, column_file **out)
{
    auto_fd fd = file_open(c, path);
    return fd >= 0 && open_named(c, fd, path, out);
}

bool column_file_open_fd(ctx *c, int fd, column_file **out)
{
    return open_named(c, fd, S(""), out);
}

void column_file_close(column_file *f)
{
    if (f == NULL)
        return;
    munmap((void *)(uintptr_t)f->map, f->bytes);
    arena_free(f->a);
}

uint64_t column_file_rows(const column_file *f)
{
    return f->rows;
}

size_t column_file_count(const column_file *f)
{
    return f->count;
}

const column_about *column_file_about(const column_file *f, size_t col)
{
    must(col < f->count);
    return &f->columns[col].about;
}

bool column_file_find(const column_file *f, str name, size_t *col)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < f->count; i++)
            if (str_eq(name, pass == 0 ? f->columns[i].about.name : f->columns[i].about.title)) {
                *col = i;
                return true;
            }
    return false;
}

str column_file_name(const column_file *f)
{
    return f->name;
}

const str_list *column_file_notes(const column_file *f)
{
    return &f->notes;
}

str column_file_fact(const column_file *f, str key)
{
    for (size_t i = 0; i < f->fact_keys.n; i++)
        if (str_eq(f->fact_keys.v[i], key))
            return f->fact_values.v[i];
    return (str){ 0 };
}

uint64_t column_file_bytes(const column_file *f)
{
    return f->bytes;
}

const uint8_t *column_file_source(const column_file *f)
{
    return f->map + HEADER_SOURCE;
}
