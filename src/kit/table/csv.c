#include "kit/table/csv.h"

#include "kit/table/csv_out.h"
#include "kit/table/csv_refuse.h"
#include "kit/table/heading_tell.h"

#define CELLS_MAX 65536        /* of a block: a wide table has blocks of fewer rows */
#define SAMPLE_MAX ((size_t)1 << 18)

typedef struct {
    const csv_declared *said;
    csv_window window;
    csv_rows   rows;
    csv_walk   walk;
    csv_head   head;
    csv_out    out;
    size_t     start;          /* where data rows begin in the first text */
    uint64_t   start_line;
} reading;

static void free_all(reading *r)
{
    csv_window_close(&r->window);
    mem_free(r->rows.cells);
    mem_free(r->rows.row);
    mem_free(r->rows.undo);
    mem_free(r->out.bytes);
    mem_free(r->out.lines);
    mem_free(r->out.undone);
}

/* Carriage returns at the very end of a text that goes on cannot be judged yet. */
static void look_at_text(reading *r)
{
    r->walk.text = r->window.text;
    r->walk.n = r->window.n;
    r->walk.is_end = r->window.is_end;
    while (!r->walk.is_end && r->walk.n > 0 && r->walk.text[r->walk.n - 1] == '\r')
        r->walk.n--;
    r->walk.batch = SIZE_MAX;
}

/* Rows above the data count too when lines end in different ways. */
static void count_end(str text, size_t after, csv_found *out)
{
    if (after == 0 || after > text.n)
        return;
    bool lf = text.p[after - 1] == '\n', crlf = lf && after > 1 && text.p[after - 2] == '\r';
    out->ends_crlf += crlf;
    out->ends_lf += lf && !crlf;
    out->ends_cr += text.p[after - 1] == '\r';
}

/* Everything that is found from the beginning of the text. */
static bool find_from(ctx *c, reading *r, str text, bool is_all, csv_found *out)
{
    if (!csv_refuse(c, text))
        return false;
    char sep = 0;
    r->start = csv_sep_line(text, &sep);
    r->start_line = out->sep_line = r->start > 0;
    csv_declared said = *r->said;
    said.sep = said.sep == 0 ? sep : said.sep;
    csv_dialect_find(str_from(text, r->start), is_all, &said, &out->dialect);
    csv_head_rows rows;
    if (!csv_head_read(c, text, is_all, r->start, r->start_line, &out->dialect, &rows))
        return false;
    if (rows.window.n == 0)
        return is_all ? fail(c, INVALID, "there is no table: the file holds nothing but empty lines")
                      : fail(c, TOO_LARGE, "the first record is longer than %zu KB", SAMPLE_MAX >> 10);
    csv_head_judge(c, &rows, r->said, &r->head);
    size_t first = r->head.notes_rows + r->head.header_rows;
    if (first > 0) {
        r->start = rows.after[first - 1].at;
        r->start_line = rows.after[first - 1].line;
    }
    for (size_t i = 0; i < first; i++)
        count_end(text, rows.after[i].at, out);
    out->cols = r->head.cols;
    out->header_rows = r->head.header_rows;
    out->notes_rows = r->head.notes_rows;
    return true;
}

/* The beginning is looked at first, in a window of its own; then all of the text is read. */
static bool find_head(ctx *c, reading *r, const source *s, csv_found *out)
{
    csv_window w;
    bool ok = csv_window_open(c, s, &out->charset, 0, false, &w);
    while (ok && !w.is_end && w.n < SAMPLE_MAX)
        ok = csv_window_more(c, &w, 0, 0);
    if (ok) {
        /* Titles and notes outlive this window. */
        str text = str_dup(c->a, str_sub((str){ w.text, w.n }, 0, SAMPLE_MAX));
        ok = find_from(c, r, text, w.is_end && text.n == w.n, out);
    }
    csv_window_close(&w);
    return ok;
}

/* The text as far as it was looked at already. */
static bool pass_head(ctx *c, reading *r)
{
    while (!r->window.is_end && r->window.n < r->start)
        if (!csv_window_more(c, &r->window, 0, 0))
            return false;
    return true;
}

static bool tell(ctx *c, reading *r, const char *code, size_t col, str sample)
{
    table_finding f = { .code = code, .col = col, .sample = sample, .count = 1 };
    return csv_tally_add(c, r->out.tally, &f);
}

static bool tell_encoding(ctx *c, reading *r)
{
    const charset_choice *cs = &r->window.charset;
    bool ok = true;
    if (cs->rule == CHARSET_MOSTLY || (!cs->plain && strcmp(cs->name, "UTF-8") == 0)) {
        table_finding f = { .code = "encoding_broken", .byte = cs->bad_at, .count = 1 };
        ok = csv_tally_add(c, r->out.tally, &f);
    } else if (cs->rule == CHARSET_DETECTED || cs->rule == CHARSET_LAST) {
        ok = tell(c, r, "encoding_unsure", 0, str_of(cs->name));
    }
    return ok && (strcmp(cs->name, "UTF-8") == 0 || tell(c, r, "encoding_not_utf8", 0, str_of(cs->name)));
}

static bool open_rows(ctx *c, reading *r, const table_sink *to, csv_found *out)
{
    size_t cols = r->head.cols, max = CELLS_MAX / cols;
    if (cols > TABLE_COLS_MAX)
        return fail(c, TOO_LARGE, "the table has %zu columns; it may have %d", cols, TABLE_COLS_MAX);
    max = max > TABLE_BLOCK_ROWS ? TABLE_BLOCK_ROWS : max < 2 ? 2 : max;
    max = max > r->window.source->size + 2 ? (size_t)r->window.source->size + 2 : max;
    r->rows = (csv_rows){ .cells = mem_get(max * cols * sizeof(str)), .row = mem_get(max * sizeof(csv_row)), .cols = cols, .max = max };
    r->walk = (csv_walk){ .at = r->start, .line = r->start_line, .dialect = out->dialect, .rows = &r->rows,
                          .scan = r->said->plain ? NULL : csv_scan_best() };
    r->out = (csv_out){ .to = to, .tally = csv_tally_new(c, to), .window = &r->window, .walk = &r->walk, .head = &r->head, .found = out,
                        .bytes = mem_get(max * sizeof(uint64_t)), .lines = mem_get(max * sizeof(uint64_t)) };
    table_head head = { .cols = r->head.titles, .col_count = cols, .header_rows = r->head.header_rows,
                        .notes_rows = r->head.notes_rows, .notes = r->head.notes };
    return to->begin(c, to->to, &head) && tell_encoding(c, r) && (!out->sep_line || tell(c, r, "separator_line", 0, (str){ 0 }))
        && heading_tell(c, &head, r->head.levels, 1 + out->sep_line, to) && csv_out_events_before(c, &r->out, r->start);
}

/* A record as long as one may be: an open quote in it is text, if that gives a row of this table. */
static bool read_longest(ctx *c, reading *r)
{
    size_t max = r->rows.max;
    r->walk.is_limit = true;
    r->rows.max = 1;
    csv_stop stop = csv_walk_rows(&r->walk);
    r->rows.max = max;
    r->walk.is_limit = false;
    bool fits = stop == CSV_FULL && r->rows.row[0].width == r->rows.cols;
    return fits || fail(c, TOO_LARGE, "the record in line %" PRIu64 " is longer than %zu MB, or a quote in it is never closed",
                        r->walk.line + 1, CSV_RECORD_MAX >> 20);
}

static bool read_rows(ctx *c, reading *r)
{
    look_at_text(r);
    for (;;) {
        csv_stop stop = csv_walk_rows(&r->walk);
        bool is_end = stop == CSV_MORE && r->window.is_end;
        if (!csv_out_rows(c, &r->out, is_end))
            return false;
        if (is_end)
            return true;
        if (!ctx_in_time(c))
            return false;
        if (stop == CSV_FULL)
            continue;
        if (r->window.n - r->walk.at >= CSV_RECORD_MAX) {
            if (!read_longest(c, r) || !csv_out_rows(c, &r->out, false))
                return false;
            continue;
        }
        if (!csv_window_more(c, &r->window, r->walk.at, r->walk.line))
            return false;
        r->walk.at = 0;
        r->out.event = 0;
        look_at_text(r);
    }
}

static bool tell_end(ctx *c, reading *r, const csv_found *f)
{
    int ways = (f->ends_lf > 0) + (f->ends_crlf > 0) + (f->ends_cr > 0 && f->dialect.cr_ends);
    if (ways > 1 && !tell(c, r, "mixed_line_ends", 0, (str){ 0 }))
        return false;
    table_finding empty = { .code = "empty_line", .line = r->walk.line, .count = r->walk.empties };
    return r->walk.empties == 0 || csv_tally_add(c, r->out.tally, &empty);
}

bool csv_read(ctx *c, const source *s, const csv_declared *said, const table_sink *to, csv_found *out)
{
    reading r = { .said = said };
    *out = (csv_found){ 0 };
    if (s->size == 0)
        return fail(c, INVALID, "the file is empty: it has no bytes");
    bool ok = charset_decide(c, s, said->encoding, &out->charset) && find_head(c, &r, s, out)
           && csv_window_open(c, s, &out->charset, said->window, out->dialect.cr_ends, &r.window) && pass_head(c, &r)
           && open_rows(c, &r, to, out) && read_rows(c, &r) && tell_end(c, &r, out)
           && source_same(c, s) && csv_tally_end(c, r.out.tally) && to->end(c, to->to);
    free_all(&r);
    return ok;
}
