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

static bool feed_rows(ctx *c, const column_file *f, uint64_t before, const table_sink *to)
{
    size_t cols = column_file_count(f), step = TABLE_BLOCK_ROWS;
    column_view *views = new_n(c->a, column_view, cols);
    str *cells = new_n(c->a, str, cols * step);
    char *room = arena_get_n(c->a, cols * step, COLUMN_NUMBER_ROOM);
    for (size_t i = 0; i < cols; i++)
        if (!column_use(c, f, i, &views[i]))
            return false;
    for (uint64_t from = 0; from < column_file_rows(f); from += step) {
        uint64_t left = column_file_rows(f) - from;
        table_block b = { .rows = left < step ? (size_t)left : step, .cols = cols, .cells = cells, .first_row = before + from + 1 };
        for (size_t i = 0; i < cols; i++)
            for (size_t r = 0; r < b.rows; r++)
                cells[r * cols + i] = column_text(&views[i], from + r, room + (r * cols + i) * COLUMN_NUMBER_ROOM);
        if (!ctx_in_time(c) || !to->block(c, to->to, &b))
            return false;
    }
    return true;
}

bool column_file_feed(ctx *c, column_file *const *files, size_t n, const table_sink *to)
{
    table_head h;
    uint64_t before = 0;
    must(n > 0);
    if (!feed_head(c, files, n, &h) || !to->begin(c, to->to, &h))
        return false;
    for (size_t f = 0; f < n; f++) {
        if (!feed_rows(c, files[f], before, to))
            return false;
        before += column_file_rows(files[f]);
    }
    return to->end(c, to->to);
}
