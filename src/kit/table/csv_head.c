#include "kit/table/csv_head.h"

static bool keep_row(ctx *c, const csv_walk *w, heading_row *to)
{
    const csv_row *r = &w->rows->row[0];
    if (r->width > TABLE_COLS_MAX)
        return fail(c, TOO_LARGE, "line %" PRIu64 " has %u columns; a table may have %d", r->line + 1, r->width, TABLE_COLS_MAX);
    *to = (heading_row){ .cells = new_n(c->a, str, r->width), .n = r->width };
    memcpy(to->cells, w->rows->cells, r->width * sizeof(str));
    for (size_t i = 0; i < w->rows->undos; i++) {
        str *cell = &to->cells[w->rows->undo[i]];
        *cell = csv_undo(*cell, &w->dialect, arena_get(c->a, cell->n + 1));
    }
    return true;
}

/* Reads up to HEADING_ROWS rows, or (out NULL) only looks how wide they are. */
static bool read_rows(ctx *c, csv_walk *w, csv_head_rows *out, size_t *widest)
{
    bool ok = true;
    for (size_t n = 0; ok && n < HEADING_ROWS && w->at < w->n;) {
        w->rows->n = w->rows->undos = 0;
        if (csv_record(w) != CSV_FULL)
            break;
        if (w->rows->n == 0)
            continue;
        if (out != NULL) {
            size_t at = out->window.n++;
            out->after[at] = (csv_head_place){ w->at, w->line };
            ok = keep_row(c, w, &out->window.row[at]);
        } else if (w->rows->row[0].width > *widest)
            *widest = w->rows->row[0].width;
        n++;
    }
    return ok;
}

bool csv_head_read(ctx *c, str text, bool is_all, size_t at, uint64_t line, const csv_dialect *d, csv_head_rows *out)
{
    str one;
    csv_row row;
    csv_rows rows = { .cells = &one, .row = &row, .cols = 1, .max = 1 };
    const csv_walk start = { .text = text.p, .n = text.n, .is_end = is_all, .is_limit = true, .at = at, .line = line,
                             .dialect = *d, .rows = &rows };
    csv_walk w = start;
    size_t widest = 1;
    *out = (csv_head_rows){ .window.row = new_n(c->a, heading_row, HEADING_ROWS), .after = new_n(c->a, csv_head_place, HEADING_ROWS) };
    bool ok = read_rows(c, &w, NULL, &widest);
    rows.cols = widest;
    rows.cells = mem_get(widest * sizeof(str));
    w = start;
    ok = ok && read_rows(c, &w, out, &widest);
    out->is_all = is_all && w.at >= w.n;
    mem_free(rows.cells);
    mem_free(rows.undo);
    return ok;
}

static str cell_at(const heading_row *r, size_t k)
{
    return k < r->n ? r->cells[k] : (str){ 0 };
}

static size_t without_empty_end(const heading_window *w, size_t at, size_t cols)
{
    while (cols > 1) {
        for (size_t i = at; i < w->n; i++)
            if (cell_at(&w->row[i], cols - 1).n > 0)
                return cols;
        cols--;
    }
    return cols;
}

/* Widths that one row in twenty has are the table's, not slips. */
static size_t column_count(const heading_window *w, const csv_head *h)
{
    size_t first = h->notes_rows, body = first + h->header_rows, cols = 0;
    for (size_t i = first; i < body; i++)
        cols = w->row[i].n > cols ? w->row[i].n : cols;
    for (size_t i = body; i < w->n; i++) {
        size_t n = 0;
        for (size_t j = body; j < w->n; j++)
            n += w->row[j].n >= w->row[i].n;
        if (w->row[i].n > cols && n * 20 >= w->n - body && (n > 1 || h->header_rows == 0))
            cols = w->row[i].n;
    }
    return cols;
}

/* As declared, as far as there are rows. */
static heading declared(const csv_declared *said, size_t rows)
{
    heading h = { .notes = said->notes_rows > 0 ? (size_t)said->notes_rows : 0 };
    if (h.notes >= rows)
        h.notes = rows - 1;
    size_t headers = said->header_rows > 0 ? (size_t)said->header_rows : 0, left = rows - h.notes;
    h.rows = headers > 2 ? 2 : headers > left ? left : headers;
    h.second = h.rows == 2;
    return h;
}

void csv_head_judge(ctx *c, const csv_head_rows *rows, const csv_declared *said, csv_head *out)
{
    const heading_window *w = &rows->window;
    *out = (csv_head){ 0 };
    if (w->n == 0)
        return;
    heading h = said->header_rows != 0 ? declared(said, w->n) : heading_find(w);
    out->notes_rows = h.notes;
    out->header_rows = h.rows;
    out->levels = h.rows - h.second;
    size_t cols = column_count(w, out);
    out->cols = without_empty_end(w, h.notes, cols);
    out->is_trimmed = out->cols < cols;
    out->titles = new_n(c->a, table_column_head, out->cols + 1);
    heading_titles(c->a, w, &h, out->cols, " / ", out->titles);
    out->notes = new_n(c->a, str, h.notes + 1);
    for (size_t i = 0; i < h.notes; i++)
        out->notes[i] = heading_note(c->a, &w->row[i]);
}
