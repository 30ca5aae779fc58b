#include "kit/sheet/heading.h"

#define ROWS_LOOKED 64
#define LEVELS_MAX 3

bool heading_like_number(str s)
{
    size_t digits = 0;
    s = str_trim(s);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            digits++;
        else if (memchr(".,-+/:%eE ", s.p[i], 10) == NULL)
            return false;
    }
    return digits > 0;
}

static const str *cell(const heading_window *w, size_t row, size_t col)
{
    return &w->cells[row * w->cols + col];
}

static bool is_filled(const heading_window *w, size_t row, size_t col)
{
    return str_trim(*cell(w, row, col)).n > 0;
}

static bool is_value(const heading_window *w, size_t row, size_t col)      /* a number or a date, no word */
{
    cell_kind k = (cell_kind)w->kinds[row * w->cols + col];
    return k == CELL_NUMBER || k == CELL_DATE || k == CELL_BOOLEAN
        || (k == CELL_TEXT && heading_like_number(*cell(w, row, col)));
}

static size_t filled_in(const heading_window *w, size_t row)
{
    size_t n = 0;
    bool same = w->merged;                  /* one text merged over the whole row is one cell */
    for (size_t i = 0; i < w->cols; i++) {
        n += is_filled(w, row, i);
        same = same && str_eq(*cell(w, row, i), *cell(w, row, 0));
    }
    return same && n > 0 ? 1 : n;
}

static size_t values_in(const heading_window *w, size_t row)
{
    size_t n = 0;
    for (size_t i = 0; i < w->cols; i++)
        n += is_filled(w, row, i) && is_value(w, row, i);
    return n;
}

/* The commonest number of filled cells of a row; the larger one when two are as common. */
static size_t usual_width(const heading_window *w, size_t rows)
{
    size_t widths[ROWS_LOOKED], best = 0, best_count = 0;
    for (size_t r = 0; r < rows; r++)
        widths[r] = filled_in(w, r);
    for (size_t r = 0; r < rows; r++) {
        size_t same = 0;
        for (size_t i = 0; i < rows; i++)
            same += widths[i] == widths[r];
        if (same > best_count || (same == best_count && widths[r] > best)) {
            best = widths[r];
            best_count = same;
        }
    }
    return best;
}

static bool is_year(str s)
{
    int64_t n;
    return str_to_i64(str_trim(s), &n) && n >= 1800 && n <= 2200;
}

/* Titles are words. Among words they may also be years, each once, or short numbers, if
 * these are the lesser part or stand above words. */
static bool is_title_row(const heading_window *w, size_t row, size_t rows)
{
    size_t filled = filled_in(w, row), values = values_in(w, row), years = 0, under = 0;
    if (values == 0)
        return filled > 0;
    if (values == filled || rows - row < 2)
        return false;
    for (size_t i = 0; i < w->cols; i++) {
        str s = str_trim(*cell(w, row, i));
        if (!is_filled(w, row, i) || !is_value(w, row, i))
            continue;
        if (s.n > 4 || str_find_byte(s, '.') < s.n)
            return false;
        years += is_year(s);
        under += is_filled(w, row + 1, i) && is_value(w, row + 1, i);
        for (size_t k = 0; k < i; k++)
            if (str_eq(s, str_trim(*cell(w, row, k))))
                return false;
    }
    return years == values || under == 0 || values * 2 <= filled;
}

static bool is_ascii_row(const heading_window *w, size_t row)
{
    for (size_t i = 0; i < w->cols; i++)
        for (size_t b = 0; b < cell(w, row, i)->n; b++)
            if ((unsigned char)cell(w, row, i)->p[b] >= 0x80)
                return false;
    return true;
}

/* A title row whose groups are named above: a blank (or the same group again) above a word. */
static bool has_groups(const heading_window *w, size_t row)
{
    size_t grouped = 0;
    for (size_t i = 1; i < w->cols; i++)
        if (is_filled(w, row + 1, i)
            && (!is_filled(w, row, i) || (w->merged && str_eq(*cell(w, row, i), *cell(w, row, i - 1)))))
            grouped++;
    return grouped > 0;
}

static void find_levels(const heading_window *w, size_t rows, heading *h)
{
    h->rows = 1;
    size_t at = h->notes;
    while (h->rows < LEVELS_MAX && at + h->rows + 1 < rows) {
        size_t below = at + h->rows, last = below - 1;
        size_t filled = filled_in(w, below);
        if (filled == 0 || values_in(w, below) > 0)
            return;
        if (has_groups(w, last) && (filled_in(w, last) < w->cols || w->merged)) {
            h->rows++;
            continue;
        }
        /* English names under Chinese titles, and Chinese again in the data or values there. */
        bool english = !is_ascii_row(w, last) && is_ascii_row(w, below) && filled * 3 >= filled_in(w, last) * 2
            && (!is_ascii_row(w, below + 1) || values_in(w, below + 1) > 0);
        if (english) {
            h->rows++;
            h->second = true;
        }
        return;
    }
}

heading heading_find(const heading_window *w)
{
    heading h = { 0 };
    size_t rows = w->rows < ROWS_LOOKED ? w->rows : ROWS_LOOKED;
    size_t usual = usual_width(w, rows);
    size_t least = usual <= 1 ? usual : usual * 3 / 5 < 2 ? 2 : usual * 3 / 5;
    while (h.notes < rows && filled_in(w, h.notes) < least)
        h.notes++;
    if (h.notes == rows) {
        h.notes = 0;
        return h;
    }
    /* A row of groups is narrower than its titles: it belongs to the header when the row below is all words. */
    while (h.notes > 0 && filled_in(w, h.notes - 1) >= 2 && values_in(w, h.notes - 1) == 0 && values_in(w, h.notes) == 0
           && has_groups(w, h.notes - 1))
        h.notes--;
    if (is_title_row(w, h.notes, rows))
        find_levels(w, rows, &h);
    return h;
}
