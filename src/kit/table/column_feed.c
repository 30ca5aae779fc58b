#include "kit/table/column_build.h"

/* The columns of a file as the head of a table; what is asked is whether the others have the same. */
static bool feed_head(ctx *c, column_file *const *files, size_t n, table_head *h)
{
    size_t cols = column_file_count(files[0]);
    *h = (table_head){ .name = column_file_name(files[0]), .header_rows = 1, .col_count = cols };
    const str_list *notes = column_file_notes(files[0]);
    h->notes_rows = notes->n;
    h->notes = notes->v;
    h->cols = new_n(c->a, table_column_head, cols);
    for (size_t i = 0; i < cols; i++) {
        const column_about *a = column_file_about(files[0], i);
        h->cols[i] = (table_column_head){ .title = a->title, .second = a->second };
    }
    for (size_t f = 1; f < n; f++) {
        bool same = column_file_count(files[f]) == cols;
        for (size_t i = 0; same && i < cols; i++)
            same = str_eq(column_file_about(files[f], i)->title, h->cols[i].title);
        if (!same)
            return fail(c, INVALID, "segment %zu of the table has other columns than its first", f + 1);
    }
    return true;
}

static bool is_dropped(const uint64_t *dropped, uint64_t row)
{
    return dropped != NULL && (dropped[row / 64] >> row % 64 & 1) != 0;
}

/* *after: rows that were handed on. */
static bool feed_rows(ctx *c, const column_file *f, const uint64_t *dropped, uint64_t *after, const table_sink *to)
{
    size_t cols = column_file_count(f), step = TABLE_BLOCK_ROWS;
    uint64_t rows = column_file_rows(f), row = 0, *kept = new_n(c->a, uint64_t, step);
    column_view *views = new_n(c->a, column_view, cols);
    str *cells = new_n(c->a, str, cols * step);
    char *room = arena_get_n(c->a, cols * step, COLUMN_NUMBER_ROOM);
    for (size_t i = 0; i < cols; i++)
        if (!column_use(c, f, i, &views[i]))
            return false;
    while (row < rows) {
        table_block b = { .cols = cols, .cells = cells, .first_row = *after + 1 };
        for (; b.rows < step && row < rows; row++)
            if (!is_dropped(dropped, row))
                kept[b.rows++] = row;
        for (size_t i = 0; i < cols; i++)
            for (size_t r = 0; r < b.rows; r++)
                cells[r * cols + i] = column_text(&views[i], kept[r], room + (r * cols + i) * COLUMN_NUMBER_ROOM);
        *after += b.rows;
        if (!ctx_in_time(c) || (b.rows > 0 && !to->block(c, to->to, &b)))
            return false;
    }
    return true;
}

bool column_file_feed(ctx *c, column_file *const *files, const uint64_t *const *dropped, size_t n, const table_sink *to)
{
    table_head h;
    uint64_t rows = 0;
    must(n > 0);
    if (!feed_head(c, files, n, &h) || !to->begin(c, to->to, &h))
        return false;
    for (size_t f = 0; f < n; f++)
        if (!feed_rows(c, files[f], dropped != NULL ? dropped[f] : NULL, &rows, to))
            return false;
    return to->end(c, to->to);
}
