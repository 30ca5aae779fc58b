#include "kit/sheet/records.h"

#include "kit/sheet/notes.h"

#define CELLS_MAX ((size_t)1 << 17)
#define BYTES_MAX ((size_t)4 << 20)
#define ROW_BYTES_MAX (2 * TABLE_CELL_MAX)

struct records {
    const table_sink *sink;
    str      name;
    size_t   cols, rows_max, rows;
    char    *heap;
    size_t   heap_n, heap_cap;
    struct { size_t from, n; bool set; } *cells;    /* rows_max × cols */
    size_t   cell_cap;
    str     *grid;
    uint64_t bytes[TABLE_BLOCK_ROWS], lines[TABLE_BLOCK_ROWS];
    uint64_t done;
    notes    notes;
};

records *records_new(const table_sink *sink)
{
    records *r = mem_get(sizeof *r);
    r->sink = sink;
    return r;
}

void records_free(records *r)
{
    if (r == NULL)
        return;
    mem_free(r->heap);
    mem_free(r->cells);
    mem_free(r->grid);
    mem_free(r);
}

bool records_begin(ctx *c, records *r, const table_head *h)
{
    if (h->col_count > TABLE_COLS_MAX)
        return fail(c, TOO_LARGE, "“%.*s” has %zu columns; at most %d are read", S_ARG(h->name), h->col_count, TABLE_COLS_MAX);
    r->name = h->name;
    r->cols = h->col_count;
    r->rows_max = CELLS_MAX / (r->cols > 0 ? r->cols : 1);
    r->rows_max = r->rows_max < 1 ? 1 : r->rows_max > TABLE_BLOCK_ROWS ? TABLE_BLOCK_ROWS : r->rows_max;
    size_t cells = r->rows_max * r->cols + 1;
    if (cells > r->cell_cap) {
        r->cell_cap = cells;
        r->cells = mem_resize(r->cells, cells * sizeof *r->cells);
        r->grid = mem_resize(r->grid, cells * sizeof *r->grid);
    }
    memset(r->cells, 0, cells * sizeof *r->cells);
    r->rows = r->heap_n = r->notes.n = 0;
    r->done = 0;
    return r->sink->begin(c, r->sink->to, h);
}

bool records_set(ctx *c, records *r, size_t col, str s)
{
    must(col < r->cols);
    if (s.n > TABLE_CELL_MAX)
        return fail(c, TOO_LARGE, "row %" PRIu64 ", column %zu of “%.*s” has %zu bytes; at most %zu are read", r->done + r->rows + 1,
                    col + 1, S_ARG(r->name), s.n, TABLE_CELL_MAX);
    if (r->heap_n + s.n > ROW_BYTES_MAX + BYTES_MAX)
        return fail(c, TOO_LARGE, "row %" PRIu64 " of “%.*s” has more than %zu bytes", r->done + r->rows + 1, S_ARG(r->name), ROW_BYTES_MAX);
    if (r->heap_n + s.n > r->heap_cap) {
        r->heap_cap = (r->heap_n + s.n) * 2 + 4096;
        r->heap = mem_resize(r->heap, r->heap_cap);
    }
    if (s.n > 0)
        memcpy(r->heap + r->heap_n, s.p, s.n);
    size_t i = r->rows * r->cols + col;
    r->cells[i].from = r->heap_n;
    r->cells[i].n = s.n;
    r->cells[i].set = true;
    r->heap_n += s.n;
    return true;
}

bool records_is_set(const records *r, size_t col)
{
    return r->cells[r->rows * r->cols + col].set;
}

static bool hand_on(ctx *c, records *r)
{
    if (r->rows == 0)
        return true;
    for (size_t i = 0; i < r->rows * r->cols; i++)
        r->grid[i] = r->cells[i].set ? (str){ r->cells[i].n > 0 ? r->heap + r->cells[i].from : "", r->cells[i].n } : (str){ 0 };
    table_block b = { .rows = r->rows, .cols = r->cols, .cells = r->grid, .first_row = r->done + 1,
                      .bytes = r->bytes[0] != RECORDS_NOWHERE ? r->bytes : NULL, .lines = r->lines[0] > 0 ? r->lines : NULL };
    if (!ctx_in_time(c) || !r->sink->block(c, r->sink->to, &b))
        return false;
    memset(r->cells, 0, r->rows * r->cols * sizeof *r->cells);
    r->done += r->rows;
    r->rows = r->heap_n = 0;
    return true;
}

bool records_row(ctx *c, records *r, uint64_t byte, uint64_t line)
{
    r->bytes[r->rows] = byte;
    r->lines[r->rows] = line;
    r->rows++;
    return (r->rows < r->rows_max && r->heap_n < BYTES_MAX) || hand_on(c, r);
}

void records_note(records *r, const char *code, size_t col, str sample)
{
    notes_add(&r->notes, &(table_finding){ .code = code, .row = r->done + r->rows + 1, .col = col, .sample = sample });
}

bool records_finish(ctx *c, records *r)
{
    return hand_on(c, r) && notes_tell(c, &r->notes, r->sink) && r->sink->end(c, r->sink->to);
}
