#include "kit/sheet/rows.h"

#include "kit/sheet/notes.h"
#include "kit/table/heading.h"
#include "kit/table/heading_tell.h"

#define WINDOW_BYTES ((size_t)1 << 20)
#define CELLS_MAX ((size_t)1 << 18)         /* of a block */
#define BYTES_MAX ((size_t)4 << 20)
#define ROW_BYTES_MAX (2 * TABLE_CELL_MAX)
#define MERGES_MAX 4096

typedef struct {
    size_t   from, n;                       /* its text in the heap */
    uint32_t col;
    uint8_t  kind;
} cell;

typedef struct {
    size_t   first, n;                      /* its cells */
    uint64_t number;
} row;

struct rows {
    const table_sink *sink;
    str     name;
    bool  (*merges)(ctx *c, void *to);
    void   *merges_to;
    char   *heap;
    cell   *cells;
    row    *rows;
    size_t  heap_n, heap_cap, cell_n, cell_cap, row_n, row_cap;
    size_t  row_first;                      /* first cell of the row that is being read */
    size_t  width;                          /* widest row seen */
    size_t  cols;                           /* of the table, once it has begun */
    uint64_t done, last_number;
    bool    begun;
    rows_area *areas;
    size_t  area_n, area_cap;
    notes   notes;
    str     *grid;                          /* cells of a block as they are handed on */
    uint8_t *kinds;
    size_t   grid_cap;
    uint64_t *lines;
    arena    *own;                          /* the head of the table */
};

rows *rows_new(const table_sink *sink)
{
    rows *r = mem_get(sizeof *r);
    r->sink = sink;
    r->own = arena_new(4096);
    r->lines = mem_get(TABLE_BLOCK_ROWS * sizeof *r->lines);
    return r;
}

void rows_free(rows *r)
{
    if (r == NULL)
        return;
    mem_free(r->heap);
    mem_free(r->cells);
    mem_free(r->rows);
    mem_free(r->areas);
    mem_free(r->grid);
    mem_free(r->kinds);
    mem_free(r->lines);
    arena_free(r->own);
    mem_free(r);
}

static void *room(void *p, size_t *cap, size_t n, size_t each, size_t first)
{
    if (n < *cap)
        return p;
    while (*cap <= n)
        *cap = *cap > 0 ? *cap * 2 : first;
    return mem_resize(p, *cap * each);
}

void rows_begin(rows *r, str name, bool (*merges)(ctx *c, void *to), void *to)
{
    r->name = name;
    r->merges = merges;
    r->merges_to = to;
    r->heap_n = r->cell_n = r->row_n = r->row_first = r->width = r->cols = 0;
    r->done = r->last_number = 0;
    r->begun = false;
    r->area_n = r->notes.n = 0;
}

void rows_merged(rows *r, rows_area a)
{
    if (r->area_n == MERGES_MAX || a.bottom < a.top || a.right < a.left)
        return;
    r->areas = room(r->areas, &r->area_cap, r->area_n, sizeof *r->areas, 16);
    r->areas[r->area_n++] = a;
}

void rows_note(rows *r, const char *code, uint64_t line, size_t col, str sample)
{
    notes_add(&r->notes, &(table_finding){ .code = code, .line = line, .col = col, .sample = sample });
}

static str *grid_of(rows *r, size_t from, size_t n, size_t cols)
{
    if (n * cols > r->grid_cap || r->grid == NULL) {
        r->grid_cap = n * cols;
        r->grid = mem_resize(r->grid, r->grid_cap * sizeof *r->grid);
        r->kinds = mem_resize(r->kinds, r->grid_cap);
    }
    memset(r->grid, 0, n * cols * sizeof *r->grid);
    memset(r->kinds, CELL_NONE, n * cols);
    for (size_t i = 0; i < n; i++) {
        const row *w = &r->rows[from + i];
        for (size_t k = w->first; k < w->first + w->n; k++) {
            const cell *e = &r->cells[k];
            if (e->col >= cols) {
                str extra = { r->heap + e->from, e->n };
                rows_note(r, "ragged_long", w->number, e->col + 1, extra);
                continue;
            }
            r->grid[i * cols + e->col] = (str){ e->n > 0 ? r->heap + e->from : "", e->n };
            r->kinds[i * cols + e->col] = e->kind;
        }
    }
    return r->grid;
}

static bool hand_on(ctx *c, rows *r, size_t from)
{
    size_t step = CELLS_MAX / (r->cols > 0 ? r->cols : 1);
    step = step < 1 ? 1 : step > TABLE_BLOCK_ROWS ? TABLE_BLOCK_ROWS : step;
    while (from < r->row_n) {
        size_t n = r->row_n - from < step ? r->row_n - from : step;
        table_block b = { .rows = n, .cols = r->cols, .cells = grid_of(r, from, n, r->cols), .first_row = r->done + 1, .lines = r->lines };
        for (size_t i = 0; i < n; i++)
            r->lines[i] = r->rows[from + i].number;
        if (!ctx_in_time(c) || !r->sink->block(c, r->sink->to, &b))
            return false;
        r->done += n;
        from += n;
    }
    r->row_n = r->cell_n = r->heap_n = r->row_first = 0;
    return true;
}

/* Merged cells of the header have their text in the first alone: it is meant for all of them. */
static void spread_merges(rows *r, size_t n, size_t cols)
{
    for (size_t a = 0; a < r->area_n; a++) {
        rows_area m = r->areas[a];
        size_t top = n;
        for (size_t i = 0; i < n; i++)
            if (r->rows[i].number == m.top + 1)
                top = i;
        if (top == n || m.left >= cols)
            continue;
        for (size_t i = top; i < n && r->rows[i].number <= m.bottom + 1; i++)
            for (size_t k = m.left; k <= m.right && k < cols; k++)
                if (r->kinds[i * cols + k] == CELL_NONE || r->grid[i * cols + k].n == 0) {
                    r->grid[i * cols + k] = r->grid[top * cols + m.left];
                    r->kinds[i * cols + k] = r->kinds[top * cols + m.left];
                }
    }
}

static bool has_wide_merge(const rows *r, const heading *h)
{
    for (size_t a = 0; a < r->area_n; a++)
        for (size_t i = h->notes; i < h->notes + 3 && i < r->row_n; i++)
            if (r->areas[a].right > r->areas[a].left && r->rows[i].number == r->areas[a].top + 1)
                return true;
    return false;
}

static bool has_gap(const rows *r, size_t row_at, size_t cols)
{
    for (size_t k = 0; k < cols; k++)
        if (r->grid[row_at * cols + k].n == 0)
            return true;
    return false;
}

static bool find_heading(ctx *c, rows *r, size_t cols, heading_window *w, heading *h)
{
    str *grid = grid_of(r, 0, w->n, cols);
    for (size_t i = 0; i < w->n; i++)
        w->row[i] = (heading_row){ grid + i * cols, cols };
    *h = heading_find(w);
    bool gap = false;
    for (size_t i = 0; i < h->notes + (h->rows > 0 ? h->rows : 1) && i < w->n; i++)
        gap = gap || has_gap(r, i, cols);
    if (gap && r->merges != NULL && !r->merges(c, r->merges_to))
        return false;
    if (!gap || r->area_n == 0)
        return true;
    w->merged = has_wide_merge(r, h);
    spread_merges(r, w->n, cols);
    if (w->merged)
        *h = heading_find(w);
    return true;
}

static str hint_of(const rows *r, size_t col, size_t cols, size_t from, size_t n)
{
    static const char *const names[] = { "", "text", "number", "date", "boolean", "" };
    cell_kind one = CELL_NONE;
    for (size_t i = from; i < n; i++) {
        cell_kind k = (cell_kind)r->kinds[i * cols + col];
        if (k == CELL_NONE || k == CELL_ERROR)
            continue;
        if (one != CELL_NONE && k != one)
            return S("");
        one = k;
    }
    return str_of(names[one]);
}

static bool begin_table(ctx *c, rows *r)
{
    arena_reset(r->own);
    size_t cols = r->width, n = r->row_n;
    heading_row first[HEADING_ROWS];
    heading h;
    while (n > 1 && n * cols > CELLS_MAX)
        n--;
    heading_window w = { .row = first, .n = n, .sheet = true };
    if (!find_heading(c, r, cols, &w, &h))
        return false;
    table_head head = { .name = r->name, .col_count = cols, .cols = new_n(r->own, table_column_head, cols), .header_rows = h.rows,
                        .notes_rows = h.notes, .notes = new_n(r->own, str, h.notes + 1) };
    for (size_t i = 0; i < h.notes; i++)
        head.notes[i] = heading_note(r->own, &first[i]);
    heading_titles(r->own, &w, &h, cols, " ", head.cols);
    for (size_t k = 0; k < cols; k++)
        head.cols[k].hint = hint_of(r, k, cols, h.notes + h.rows, n);
    r->cols = cols;
    r->begun = true;
    return r->sink->begin(c, r->sink->to, &head) && heading_tell(c, &head, h.rows - h.second, r->rows[0].number, r->sink)
        && hand_on(c, r, h.notes + h.rows);
}

bool rows_cell(ctx *c, rows *r, size_t col, cell_kind kind, str text)
{
    if (col >= TABLE_COLS_MAX)
        return fail(c, TOO_LARGE, "“%.*s” has more than %d columns", S_ARG(r->name), TABLE_COLS_MAX);
    if (text.n > TABLE_CELL_MAX)
        return fail(c, TOO_LARGE, "a cell of “%.*s” has %zu bytes; at most %zu are read", S_ARG(r->name), text.n, TABLE_CELL_MAX);
    size_t before = r->row_first < r->cell_n ? r->cells[r->row_first].from : r->heap_n;
    if (r->heap_n - before + text.n > ROW_BYTES_MAX)
        return fail(c, TOO_LARGE, "a row of “%.*s” has more than %zu bytes", S_ARG(r->name), ROW_BYTES_MAX);
    r->heap = room(r->heap, &r->heap_cap, r->heap_n + text.n, 1, 65536);
    r->cells = room(r->cells, &r->cell_cap, r->cell_n, sizeof *r->cells, 1024);
    if (text.n > 0)
        memcpy(r->heap + r->heap_n, text.p, text.n);
    r->cells[r->cell_n++] = (cell){ r->heap_n, text.n, (uint32_t)col, (uint8_t)kind };
    r->heap_n += text.n;
    if (col >= r->width)
        r->width = col + 1;
    return true;
}

bool rows_row(ctx *c, rows *r, uint64_t number)
{
    size_t n = r->cell_n - r->row_first;
    if (n == 0)
        return true;
    if (r->last_number > 0 && number > r->last_number + 1)
        rows_note(r, "rows_empty", number, 0, (str){ 0 });
    r->last_number = number;
    r->rows = room(r->rows, &r->row_cap, r->row_n, sizeof *r->rows, 256);
    r->rows[r->row_n++] = (row){ r->row_first, n, number };
    r->row_first = r->cell_n;
    bool full = r->cell_n >= CELLS_MAX || r->heap_n >= BYTES_MAX;
    if (!r->begun)
        return (!full && r->row_n < HEADING_ROWS && r->heap_n < WINDOW_BYTES) || begin_table(c, r);
    return (!full && r->row_n < TABLE_BLOCK_ROWS) || hand_on(c, r, 0);
}

bool rows_finish(ctx *c, rows *r)
{
    if (!r->begun && r->row_n == 0)
        return true;
    if (!(r->begun ? hand_on(c, r, 0) : begin_table(c, r)))
        return false;
    if (!notes_tell(c, &r->notes, r->sink))
        return false;
    r->begun = false;
    return r->sink->end(c, r->sink->to);
}
