#include "kit/table/csv_out.h"

#define HELD_MAX 64            /* rows that may be notes at the foot */
#define LINE_ENDS (CSV_CRLF | CSV_CR | CSV_LF)
#define DROPPED 0x10000u       /* of a row: it is no data */

static str *cells_of(const csv_out *o, size_t i)
{
    return o->walk->rows->cells + i * o->walk->rows->cols;
}

static uint64_t place_of(const csv_out *o, const csv_row *r, size_t at)
{
    /* In a decoded text only the beginnings of lines have known places. */
    return csv_window_place(o->window, o->window->decoder == NULL ? at : r->at, r->line);
}

static bool tell(ctx *c, csv_out *o, const char *code, const csv_row *r, size_t at, size_t col, str sample)
{
    table_finding f = { .code = code, .row = o->found->rows + 1, .line = r->line + 1, .byte = place_of(o, r, at), .col = col,
                        .sample = sample, .count = 1 };
    return csv_tally_add(c, o->tally, &f);
}

static bool is_blank(const str *cells, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (str_trim(cells[k]).n > 0)
            return false;
    return true;
}

static bool is_note(str s)
{
    static const char *const marks[] = { "註", "备注", "備註", "附註", "說明", "資料來源", "資料提供", "※", "*", "Note", "note",
                                         "NOTE", "Source", "source", "SOURCE", "(", "（", "#", "[", "總計說明", "單位", "製表" };
    s = str_trim(s);
    for (size_t i = 0; i < array_len(marks); i++)
        if (str_starts(s, str_of(marks[i])))
            return true;
    return s.n > 60 || str_has(s, S("：")) || str_has(s, S(": "));
}

/* Nothing but a first cell that reads like a note, or nothing at all. */
static bool foot_like(const csv_out *o, size_t i)
{
    size_t cols = o->walk->rows->cols;
    const csv_row *r = &o->walk->rows->row[i];
    const str *cells = cells_of(o, i);
    if (cols < 2 || r->width > cols || !is_blank(cells + 1, cols - 1))
        return false;
    return str_trim(cells[0]).n == 0 ? r->width > 1 : csv_kind_of(cells[0]) != CSV_NUMBER && cols > 2 && is_note(cells[0]);
}

static size_t held_from(const csv_out *o)
{
    const csv_rows *rows = o->walk->rows;
    size_t most = rows->max / 2 < HELD_MAX ? rows->max / 2 : HELD_MAX, from = rows->n;
    while (from > 0 && rows->n - from < most && foot_like(o, from - 1))
        from--;
    return from;
}

static bool tell_quotes(ctx *c, csv_out *o, const csv_row *r)
{
    str line = { o->walk->text + r->at, r->end - r->at };
    str from = str_from(line, r->wrong_at > r->at ? r->wrong_at - r->at : 0);
    return ((r->flags & CSV_STRAY) == 0 || tell(c, o, "stray_quote", r, r->wrong_at, 0, from))
        && ((r->flags & CSV_OPEN) == 0 || tell(c, o, "open_quote", r, r->wrong_at, 0, from))
        && ((r->flags & CSV_JUNK) == 0 || tell(c, o, "junk_after_quote", r, r->wrong_at, 0, from))
        && ((r->flags & CSV_BLANK) == 0 || tell(c, o, "blank_by_quote", r, r->at, 0, line));
}

static bool tell_odd(ctx *c, csv_out *o, const csv_row *r, const str *cells)
{
    size_t cols = r->width < o->walk->rows->cols ? r->width : o->walk->rows->cols;
    for (size_t k = 0; k < cols; k++) {
        const char *nul = memchr(cells[k].n > 0 ? cells[k].p : "x", 0, cells[k].n);
        const char *cr = memchr(cells[k].n > 0 ? cells[k].p : "x", '\r', cells[k].n);
        if (cr != NULL && cr + 1 < cells[k].p + cells[k].n && cr[1] == '\n')
            cr = NULL;
        if (nul != NULL && !tell(c, o, "nul_byte", r, (size_t)(nul - o->walk->text), k + 1, cells[k]))
            return false;
        if (cr != NULL && !tell(c, o, "lone_cr", r, (size_t)(cr - o->walk->text), k + 1, cells[k]))
            return false;
    }
    return true;
}

static bool tell_width(ctx *c, csv_out *o, const csv_row *r)
{
    size_t cols = o->walk->rows->cols;
    str line = { o->walk->text + r->at, r->end - r->at };
    if (r->width < cols)
        return tell(c, o, "ragged_short", r, r->at, r->width + 1, line);
    str extra = str_from(line, r->extra_at - r->at);
    for (size_t i = 0; i < extra.n; i++)
        if (extra.p[i] != o->walk->dialect.sep && extra.p[i] != ' ')
            return tell(c, o, "ragged_long", r, r->extra_at, cols + 1, extra);
    return tell(c, o, "trailing_separator", r, r->extra_at, cols + 1, line);
}

static bool tell_event(ctx *c, csv_out *o, const csv_event *e, const csv_row *r, size_t col, str cell)
{
    char text[128];
    size_t n = 0;
    cell = utf8_cut(cell, 80);
    for (size_t i = 0; i < e->n; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%02X ", e->bytes[i]);
    n += (size_t)snprintf(text + n, sizeof text - n, "in %.*s", S_ARG(cell));
    table_finding f = { .code = e->is_private ? "private_character" : "undecodable", .row = r != NULL ? o->found->rows + 1 : 0,
                        .line = r != NULL ? r->line + 1 : 0, .byte = e->raw_at, .col = col, .sample = { text, n }, .count = 1 };
    return csv_tally_add(c, o->tally, &f);
}

/* The characters that were lost or are private in this row, each with its column. */
static bool tell_events(ctx *c, csv_out *o, const csv_row *r, const str *cells)
{
    const csv_window *w = o->window;
    size_t cols = o->walk->rows->cols;
    for (; o->event < w->event_count && w->events[o->event].at < r->end; o->event++) {
        const char *p = w->text + w->events[o->event].at;
        size_t k = 0;
        while (k < cols && k < r->width && !(p >= cells[k].p && p < cells[k].p + cells[k].n))
            k++;
        bool inside = k < cols && k < r->width;
        if (!tell_event(c, o, &w->events[o->event], r, inside ? k + 1 : 0, inside ? cells[k] : (str){ 0 }))
            return false;
    }
    return true;
}

bool csv_out_events_before(ctx *c, csv_out *o, size_t at)
{
    for (; o->event < o->window->event_count && o->window->events[o->event].at < at; o->event++)
        if (!tell_event(c, o, &o->window->events[o->event], NULL, 0, (str){ 0 }))
            return false;
    return true;
}

static bool is_header(const csv_out *o, const csv_row *r, const str *cells)
{
    const csv_head *h = o->head;
    if (h->header_rows == 0 || h->cols < 2 || r->width < h->cols || h->levels > 1)
        return false;
    for (size_t k = 0; k < h->cols; k++)
        if (!str_eq(cells[k], h->titles[k].title))
            return false;
    return true;
}

/* What one row has to say. Common rows pass with a few comparisons. */
static bool look_at(ctx *c, csv_out *o, csv_row *r, const str *cells)
{
    csv_found *f = o->found;
    f->ends_lf += (r->flags & CSV_LF) != 0;
    f->ends_crlf += (r->flags & CSV_CRLF) != 0;
    f->ends_cr += (r->flags & CSV_CR) != 0;
    if (r->end - r->at > TABLE_CELL_MAX)
        for (size_t k = 0; k < o->walk->rows->cols; k++)
            if (cells[k].n > TABLE_CELL_MAX || r->end - r->at > CSV_RECORD_MAX)
                return fail(c, TOO_LARGE, "a cell of the record in line %" PRIu64 " is larger than %zu MB", r->line + 1, TABLE_CELL_MAX >> 20);
    if (r->empties > 0) {
        table_finding e = { .code = "empty_line", .line = r->line - r->empties + 1, .byte = place_of(o, r, r->at), .count = r->empties };
        if (!csv_tally_add(c, o->tally, &e))
            return false;
    }
    if (o->event < o->window->event_count && !tell_events(c, o, r, cells))
        return false;
    if (str_eq(cells[0], o->head->titles[0].title) && is_header(o, r, cells)) {
        r->flags |= DROPPED;
        return tell(c, o, "repeated_header", r, r->at, 0, (str){ o->walk->text + r->at, r->end - r->at });
    }
    if ((r->flags & ~(unsigned)LINE_ENDS) != 0) {
        if (!tell_quotes(c, o, r) || ((r->flags & CSV_ODD) != 0 && !tell_odd(c, o, r, cells)))
            return false;
    }
    if (r->width != o->walk->rows->cols && !tell_width(c, o, r))
        return false;
    bool blank = cells[0].n == 0 && is_blank(cells, o->walk->rows->cols);
    return !blank || tell(c, o, "blank_row", r, r->at, 0, (str){ o->walk->text + r->at, r->end - r->at });
}

/* Doubled quotes are undone into memory of their own, once the rows are whole. */
static void undo_quotes(csv_out *o, size_t rows)
{
    csv_rows *r = o->walk->rows;
    size_t need = 0, at = 0, i = 0;
    for (; i < r->undos && r->undo[i] < rows * r->cols; i++)
        need += r->cells[r->undo[i]].n;
    if (need > o->undone_cap) {
        o->undone_cap = need * 2;
        mem_free(o->undone);
        o->undone = mem_get(o->undone_cap);
    }
    for (size_t j = 0; j < i; j++) {
        str *cell = &r->cells[r->undo[j]];
        *cell = csv_undo(*cell, &o->walk->dialect, o->undone + at);
        at += cell->n;
    }
}

static bool send(ctx *c, csv_out *o, size_t rows, uint64_t first)
{
    csv_rows *r = o->walk->rows;
    size_t n = 0;
    for (size_t i = 0; i < rows; i++) {
        if ((r->row[i].flags & DROPPED) != 0)
            continue;
        if (n < i)
            memcpy(cells_of(o, n), cells_of(o, i), r->cols * sizeof(str));
        o->bytes[n] = place_of(o, &r->row[i], r->row[i].at);
        o->lines[n++] = r->row[i].line + 1;
    }
    table_block b = { .rows = n, .cols = r->cols, .cells = r->cells, .first_row = first, .bytes = o->bytes, .lines = o->lines,
                      .within = { o->walk->text, o->walk->n } };
    return n == 0 || o->to->block(c, o->to->to, &b);
}

static bool end_notes(ctx *c, csv_out *o, size_t from)
{
    csv_rows *rows = o->walk->rows;
    for (size_t i = from; i < rows->n; i++) {
        const csv_row *r = &rows->row[i];
        bool blank = str_trim(cells_of(o, i)[0]).n == 0;
        table_finding f = { .code = blank ? "blank_end" : "foot_note", .line = r->line + 1, .byte = place_of(o, r, r->at),
                            .sample = blank ? (str){ 0 } : cells_of(o, i)[0], .count = 1 };
        if (!tell_events(c, o, r, cells_of(o, i)) || !csv_tally_add(c, o->tally, &f))
            return false;
        o->found->foot_rows++;
    }
    return true;
}

bool csv_out_rows(ctx *c, csv_out *o, bool is_end)
{
    csv_rows *rows = o->walk->rows;
    size_t upto = held_from(o);
    uint64_t first = o->found->rows + 1;
    for (size_t i = 0; i < upto; i++) {
        if (!look_at(c, o, &rows->row[i], cells_of(o, i)))
            return false;
        o->found->rows += (rows->row[i].flags & DROPPED) == 0;
    }
    if (is_end && !end_notes(c, o, upto))
        return false;
    if (!is_end && upto < rows->n) {
        o->walk->at = rows->row[upto].at;
        o->walk->line = rows->row[upto].line;
        o->walk->empties = rows->row[upto].empties;
    }
    undo_quotes(o, upto);
    bool ok = send(c, o, upto, first);
    rows->n = rows->undos = 0;
    return ok;
}
