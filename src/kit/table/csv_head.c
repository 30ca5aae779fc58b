#include "kit/table/csv_head.h"

#define NOTES_MAX 60
#define BODY_SEEN 100

static bool keep_row(ctx *c, const csv_walk *w, csv_head_row *to)
{
    const csv_row *r = &w->rows->row[0];
    if (r->width > TABLE_COLS_MAX)
        return fail(c, TOO_LARGE, "line %" PRIu64 " has %u columns; a table may have %d", r->line + 1, r->width, TABLE_COLS_MAX);
    *to = (csv_head_row){ .cells = new_n(c->a, str, r->width), .n = r->width, .after = w->at, .line = r->line, .line_after = w->line };
    memcpy(to->cells, w->rows->cells, r->width * sizeof(str));
    for (size_t i = 0; i < w->rows->undos; i++) {
        str *cell = &to->cells[w->rows->undo[i]];
        *cell = csv_undo(*cell, &w->dialect, arena_get(c->a, cell->n + 1));
    }
    return true;
}

/* Reads up to CSV_HEAD_ROWS rows, or (out NULL) only looks how wide they are. */
static bool read_rows(ctx *c, csv_walk *w, csv_head_rows *out, size_t *widest)
{
    bool ok = true;
    for (size_t n = 0; ok && n < CSV_HEAD_ROWS && w->at < w->n;) {
        w->rows->n = w->rows->undos = 0;
        if (csv_record(w) != CSV_FULL)
            break;
        if (w->rows->n == 0)
            continue;
        if (out != NULL)
            ok = keep_row(c, w, &out->row[out->n++]);
        else if (w->rows->row[0].width > *widest)
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
    *out = (csv_head_rows){ .row = new_n(c->a, csv_head_row, CSV_HEAD_ROWS) };
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

static size_t filled(const csv_head_row *r)
{
    size_t n = 0;
    for (size_t k = 0; k < r->n; k++)
        n += str_trim(r->cells[k]).n > 0;
    return n;
}

static str cell_at(const csv_head_row *r, size_t k)
{
    return k < r->n ? r->cells[k] : (str){ 0 };
}

/* The commonest width; of several the largest. */
static size_t usual_width(const csv_head_rows *rows)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < rows->n; i++) {
        size_t n = 0, width = rows->row[i].n;
        for (size_t j = 0; j < rows->n; j++)
            n += rows->row[j].n == width;
        if (n > most || (n == most && width > best)) {
            most = n;
            best = width;
        }
    }
    return best;
}

/* How many cells are usually filled: the median of the rows that are no notes. */
static size_t usual_filled(const csv_head_rows *rows)
{
    size_t of[CSV_HEAD_ROWS], n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        size_t f = filled(&rows->row[i]);
        if (f < 2 && rows->row[i].n > 1)
            continue;
        size_t j = n++;
        for (; j > 0 && of[j - 1] > f; j--)
            of[j] = of[j - 1];
        of[j] = f;
    }
    return n > 0 ? of[n / 2] : 1;
}

/* The first row that is as full as rows of this table are. */
static size_t first_full(const csv_head_rows *rows)
{
    size_t usual = usual_filled(rows), limit = rows->n < NOTES_MAX ? rows->n : NOTES_MAX;
    for (size_t i = 0; i < limit; i++) {
        size_t f = filled(&rows->row[i]);
        if (f > 0 && (usual < 2 || (f >= 2 && f * 10 >= usual * 6)))
            return i;
    }
    return 0;
}

/* Of the nonempty cells of a column below the header, which share are numbers, in percent; 101: none is filled. */
static unsigned numbers_in(const csv_head_rows *rows, size_t from, size_t k)
{
    unsigned numbers = 0, n = 0;
    for (size_t i = from; i < rows->n && i < from + BODY_SEEN; i++) {
        csv_kind kind = csv_kind_of(cell_at(&rows->row[i], k));
        n += kind != CSV_EMPTY;
        numbers += kind == CSV_NUMBER;
    }
    return n == 0 ? 101 : numbers * 100 / n;
}

static bool same_row(const csv_head_row *a, const csv_head_row *b)
{
    if (a->n != b->n)
        return false;
    for (size_t k = 0; k < a->n; k++)
        if (!str_eq(a->cells[k], b->cells[k]))
            return false;
    return true;
}

/* A cell stands again in its column, and not because the whole header does. */
static bool recurs(const csv_head_rows *rows, size_t from, size_t k, str text)
{
    for (size_t i = from; i < rows->n && i < from + BODY_SEEN; i++)
        if (!same_row(&rows->row[i], &rows->row[from - 1]) && str_eq(str_trim(cell_at(&rows->row[i], k)), text))
            return true;
    return false;
}

/* The digits of a title as one number: 2014, 104年, 00:30, 1_10. */
static int64_t digits_of(str s)
{
    int64_t v = 0;
    for (size_t i = 0; i < s.n && v < INT64_MAX / 20; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            v = v * 10 + (s.p[i] - '0');
    return v;
}

/* Years, hours and counted columns may head columns of numbers: at least six numbers that rise, or years in a row. */
static bool rising(const csv_head_row *r)
{
    int64_t last = -1;
    size_t numbers = 0, years = 0;
    for (size_t k = 0; k < r->n; k++) {
        if (csv_kind_of(r->cells[k]) != CSV_NUMBER)
            continue;
        int64_t v = digits_of(r->cells[k]);
        if (v <= last)
            return false;
        bool year = (v >= 1900 && v <= 2100) || (v >= 60 && v <= 150);
        years += year && (numbers == 0 || v == last + 1);
        last = v;
        numbers++;
    }
    return numbers >= 6 || (numbers >= 2 && years == numbers);
}

/* A column whose cells all begin alike, the first too, has no title: /dataset/a, /dataset/b. (comment1, comment2 below comment do.) */
static bool begins_alike(const csv_head_rows *rows, size_t at, size_t k)
{
    str first = cell_at(&rows->row[at], k);
    size_t alike = first.n, n = 0;
    for (size_t i = at + 1; i < rows->n && n < 20; i++, n++) {
        str s = cell_at(&rows->row[i], k);
        size_t j = 0;
        while (j < alike && j < s.n && s.p[j] == first.p[j])
            j++;
        alike = j;
    }
    return n >= 3 && alike >= 4 && alike < first.n;
}

static bool has_header(const csv_head_rows *rows, size_t at)
{
    const csv_head_row *h = &rows->row[at];
    int score = 0;
    bool may_rise = rising(h);
    size_t numbers = 0, repeated = 0;
    for (size_t k = 0; k < h->n; k++) {
        str title = str_trim(h->cells[k]);
        csv_kind kind = csv_kind_of(title);
        unsigned body = numbers_in(rows, at + 1, k);
        numbers += kind == CSV_NUMBER;
        if (kind == CSV_EMPTY || body == 101)
            continue;
        if (body >= 70)
            score += kind == CSV_TEXT ? 2 : may_rise ? 0 : -2;
        else if (recurs(rows, at + 1, k, title))
            repeated++;
        else if (begins_alike(rows, at, k))
            score -= 2;
        else if (kind == CSV_NUMBER && body < 10)
            score++;
    }
    if (score == 0)
        return repeated * 2 < h->n && (may_rise || numbers * 2 < h->n);
    return score - (int)repeated > 0;
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

/* Percent of the filled cells that are in ASCII. */
static size_t ascii_share(const csv_head_row *r)
{
    size_t n = 0, ascii = 0;
    for (size_t k = 0; k < r->n; k++)
        if (str_trim(r->cells[k]).n > 0) {
            n++;
            ascii += is_ascii(r->cells[k]);
        }
    return n > 0 ? ascii * 100 / n : 0;
}

/* The row below the header is one too (實價登錄: the titles in English; units): it has words above columns of numbers,
 * or, where there are none, is written in another script than both the titles and the rows. */
static bool has_second(const csv_head_rows *rows, size_t at)
{
    if (at + 2 >= rows->n || rows->row[at].n < 3)
        return false;
    const csv_head_row *h = &rows->row[at], *s = &rows->row[at + 1];
    if (filled(s) * 10 < filled(h) * 5)
        return false;
    size_t words = 0, others = 0;
    for (size_t k = 0; k < h->n; k++) {
        csv_kind kind = csv_kind_of(cell_at(s, k));
        unsigned body = numbers_in(rows, at + 2, k);
        if (body == 101 || body < 70 || kind == CSV_EMPTY)
            continue;
        words += kind == CSV_TEXT;
        others += kind == CSV_NUMBER;
    }
    /* A single word among numbers is a missing mark. */
    bool script = ascii_share(h) + 60 < ascii_share(s) || ascii_share(s) + 60 < ascii_share(h);
    if (words > 0 && others * 10 <= words && (script || words >= 3))
        return true;
    return script && words + others == 0 && (ascii_share(&rows->row[at + 2]) < 50) != (ascii_share(s) < 50);
}

/* A row above whose few words stand over the first of several columns each. */
static bool spans(const csv_head_row *above, const csv_head_row *h)
{
    size_t f = filled(above);
    if (f < 2 || above->n + 1 < h->n || h->n < 4)
        return false;
    for (size_t k = 0; k < above->n; k++)
        if (csv_kind_of(above->cells[k]) == CSV_NUMBER && !rising(above))
            return false;
    return true;
}

static size_t without_empty_end(const csv_head_rows *rows, size_t at, size_t cols)
{
    while (cols > 1) {
        for (size_t i = at; i < rows->n; i++)
            if (cell_at(&rows->row[i], cols - 1).n > 0)
                return cols;
        cols--;
    }
    return cols;
}

/* Widths that one row in twenty has are the table's, not slips. */
static size_t column_count(const csv_head_rows *rows, const csv_head *h)
{
    size_t first = h->notes_rows, body = first + h->header_rows, cols = 0;
    for (size_t i = first; i < body; i++)
        cols = rows->row[i].n > cols ? rows->row[i].n : cols;
    for (size_t i = body; i < rows->n; i++) {
        size_t n = 0;
        for (size_t j = body; j < rows->n; j++)
            n += rows->row[j].n >= rows->row[i].n;
        if (rows->row[i].n > cols && n * 20 >= rows->n - body && (n > 1 || h->header_rows == 0))
            cols = rows->row[i].n;
    }
    return cols;
}

static void fill_titles(ctx *c, const csv_head_rows *rows, csv_head *h)
{
    h->titles = new_n(c->a, table_column_head, h->cols + 1);
    if (h->header_rows == 0)
        return;
    const csv_head_row *first = &rows->row[h->notes_rows], *second = h->header_rows > 1 ? first + 1 : NULL;
    str group = { 0 };
    for (size_t k = 0; k < h->cols; k++) {
        str title = cell_at(first, k), sub = second != NULL ? cell_at(second, k) : (str){ 0 };
        if (!h->is_merged) {
            h->titles[k] = (table_column_head){ .title = title, .second = sub };
            continue;
        }
        if (str_trim(title).n > 0)
            group = title;
        bool both = str_trim(group).n > 0 && str_trim(sub).n > 0;
        h->titles[k].title = both ? str_fmt(c->a, "%.*s / %.*s", S_ARG(group), S_ARG(sub)) : str_trim(sub).n > 0 ? sub : title;
    }
}

static void note_texts(ctx *c, const csv_head_rows *rows, csv_head *h)
{
    h->notes = new_n(c->a, str, h->notes_rows + 1);
    for (size_t i = 0; i < h->notes_rows; i++) {
        str_list cells = { 0 };
        for (size_t k = 0; k < rows->row[i].n; k++)
            if (str_trim(rows->row[i].cells[k]).n > 0)
                list_add(c->a, &cells, rows->row[i].cells[k]);
        h->notes[i] = str_join(c->a, &cells, S(" "));
    }
}

void csv_head_judge(ctx *c, const csv_head_rows *rows, const csv_declared *said, csv_head *out)
{
    *out = (csv_head){ 0 };
    if (rows->n == 0)
        return;
    if (said->header_rows != 0) {
        size_t notes = said->notes_rows > 0 ? (size_t)said->notes_rows : 0;
        out->notes_rows = notes < rows->n ? notes : rows->n - 1;
        size_t left = rows->n - out->notes_rows, headers = said->header_rows > 0 ? (size_t)said->header_rows : 0;
        out->header_rows = headers > 2 ? 2 : headers > left ? left : headers;
    } else {
        size_t at = first_full(rows), usual = usual_width(rows);
        /* A line of prose may have more commas than the header below it. */
        if (at + 2 < rows->n && rows->row[at].n > usual && rows->row[at + 1].n == usual && has_header(rows, at + 1))
            at++;
        out->notes_rows = at;
        if (has_header(rows, at)) {
            out->header_rows = has_second(rows, at) ? 2 : 1;
            if (at > 0 && out->header_rows == 1 && spans(&rows->row[at - 1], &rows->row[at])) {
                out->notes_rows--;
                out->header_rows = 2;
                out->is_merged = true;
            }
        } else {
            /* Rows without a header may begin with one that is not full. */
            while (out->notes_rows > 0 && rows->row[out->notes_rows - 1].n == rows->row[at].n && filled(&rows->row[out->notes_rows - 1]) > 1)
                out->notes_rows--;
        }
    }
    size_t cols = column_count(rows, out);
    out->cols = without_empty_end(rows, out->notes_rows, cols);
    out->is_trimmed = out->cols < cols;
    fill_titles(c, rows, out);
    note_texts(c, rows, out);
}
