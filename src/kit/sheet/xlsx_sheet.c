#include "kit/sheet/xlsx_part.h"

typedef struct {
    xlsx_book  *b;
    const xlsx_sheet *sheet;
    uint64_t    row;                        /* from 1 */
    size_t      col;                        /* of the cell that is being read, from 0 */
    size_t      next_col;
    char        type;                       /* s shared, i inline, r result text, b boolean, e error, d ISO date, n number */
    size_t      style;
    bool        in_value, has_value;
    int         in_reading;
    buf         text, made;
} sheet;

/* "AB12" → column 27, row 12; false when it is no reference. */
static bool place_of(str ref, size_t *col, uint64_t *row)
{
    size_t i = 0, at = 0;
    uint64_t r = 0;
    while (i < ref.n && i < 4 && ref.p[i] >= 'A' && ref.p[i] <= 'Z')
        at = at * 26 + (size_t)(ref.p[i++] - 'A') + 1;
    size_t letters = i;
    while (i < ref.n && i < letters + 8 && ref.p[i] >= '0' && ref.p[i] <= '9')
        r = r * 10 + (uint64_t)(ref.p[i++] - '0');
    if (letters == 0 || i != ref.n || r == 0)
        return false;
    *col = at - 1;
    *row = r;
    return true;
}

static bool area_of(str ref, rows_area *a)
{
    str from, to;
    size_t left, right;
    uint64_t top, bottom;
    if (!str_cut(ref, S(":"), &from, &to) || !place_of(from, &left, &top) || !place_of(to, &right, &bottom))
        return false;
    *a = (rows_area){ .top = top - 1, .left = left, .bottom = bottom - 1, .right = right };
    return true;
}

static bool on_merge(ctx *c, void *to, str name, const char *const *atts)
{
    (void)c;
    rows_area a;
    if (str_eq(name, S("mergeCell")) && area_of(xml_att(atts, "ref"), &a) && a.top < 256)
        rows_merged(to, a);
    return true;
}

static bool no_end(ctx *c, void *to, str name)
{
    (void)c, (void)to, (void)name;
    return true;
}

/* Merged cells stand behind the rows: they are sought in a pass of their own, when the header has gaps. */
static bool find_merges(ctx *c, void *to)
{
    sheet *s = to;
    xml_handler h = { .to = s->b->rows, .start = on_merge, .end = no_end };
    return xlsx_part(c, s->b, s->sheet->target, &h, NULL);
}

static bool begin_row(ctx *c, sheet *s, const char *const *atts)
{
    str r = xml_att(atts, "r");
    int64_t n;
    s->row = r.n > 0 && str_to_i64(r, &n) && n > 0 ? (uint64_t)n : s->row + 1;
    s->next_col = 0;
    return s->row <= XLSX_ROWS_MAX
        || fail(c, INVALID, "sheet “%.*s” has a row %" PRIu64 "; a sheet ends at %d", S_ARG(s->sheet->name), s->row, XLSX_ROWS_MAX);
}

static bool begin_cell(ctx *c, sheet *s, const char *const *atts)
{
    (void)c;
    s->type = 'n';
    s->style = 0;
    s->col = s->next_col;
    for (; atts[0] != NULL; atts += 2) {
        str v = str_of(atts[1]);
        int64_t n;
        uint64_t row;
        if (strcmp(atts[0], "r") == 0)
            (void)place_of(v, &s->col, &row);
        else if (strcmp(atts[0], "s") == 0)
            s->style = str_to_i64(v, &n) && n > 0 ? (size_t)n : 0;
        else if (strcmp(atts[0], "t") == 0)
            s->type = str_eq(v, S("str")) ? 'r' : str_eq(v, S("inlineStr")) ? 'i' : v.n == 1 ? v.p[0] : 'n';
    }
    s->next_col = s->col + 1;
    s->text.n = 0;
    s->has_value = false;
    return true;
}

static bool on_start(ctx *c, void *to, str name, const char *const *atts)
{
    sheet *s = to;
    rows_area a;
    if (str_eq(name, S("c")))
        return begin_cell(c, s, atts);
    if (str_eq(name, S("v")) || (str_eq(name, S("t")) && s->in_reading == 0))
        s->in_value = s->has_value = true;
    else if (str_eq(name, S("row")))
        return begin_row(c, s, atts);
    else if (str_eq(name, S("rPh")))
        s->in_reading++;
    else if (str_eq(name, S("mergeCell")) && area_of(xml_att(atts, "ref"), &a))
        rows_note(s->b->rows, "cells_merged", a.top + 1, a.left + 1, xml_att(atts, "ref"));
    return true;
}

static bool number_cell(ctx *c, sheet *s, str v)
{
    serial_form form = s->style < s->b->form_n ? (serial_form)s->b->forms[s->style] : SERIAL_PLAIN;
    double d;
    bool long_number;
    s->made.n = 0;
    if (form != SERIAL_PLAIN && str_to_f64(v, &d)) {
        if (serial_date(&s->made, d, form, s->b->since_1904))
            return rows_cell(c, s->b->rows, s->col, CELL_DATE, buf_str(&s->made));
        rows_note(s->b->rows, "date_impossible", s->row, s->col + 1, v);
    }
    serial_number(&s->made, v, &long_number);
    if (long_number)
        rows_note(s->b->rows, "number_long", s->row, s->col + 1, v);
    return rows_cell(c, s->b->rows, s->col, CELL_NUMBER, buf_str(&s->made));
}

static bool add_text(ctx *c, void *to, str piece)
{
    (void)c;
    buf_add(to, piece);
    return true;
}

static bool text_cell(ctx *c, sheet *s, str v)
{
    s->made.n = 0;
    if (str_find(v, S("_x")) < v.n) {
        if (!xlsx_unescape(c, v, add_text, &s->made))
            return false;
        v = buf_str(&s->made);
    }
    return rows_cell(c, s->b->rows, s->col, CELL_TEXT, v);
}

static bool shared_cell(ctx *c, sheet *s, str v)
{
    int64_t i;
    str text;
    if (!str_to_i64(str_trim(v), &i) || i < 0 || (uint64_t)i >= shared_count(s->b->texts))
        return fail(c, INVALID, "sheet “%.*s”, row %" PRIu64 ", column %zu refers to text %.*s, which the workbook does not have",
                    S_ARG(s->sheet->name), s->row, s->col + 1, S_ARG(str_sub(v, 0, 20)));
    return shared_get(c, s->b->texts, (size_t)i, &text) && rows_cell(c, s->b->rows, s->col, CELL_TEXT, text);
}

static bool end_cell(ctx *c, sheet *s)
{
    str v = buf_str(&s->text);
    if (!buf_fits(&s->text))
        return fail(c, TOO_LARGE, "sheet “%.*s”, row %" PRIu64 ", column %zu has more than %zu bytes", S_ARG(s->sheet->name), s->row,
                    s->col + 1, TABLE_CELL_MAX);
    if (!s->has_value || (v.n == 0 && s->type == 'n'))
        return true;                        /* a format without a value */
    switch (s->type) {
    case 's':
        return shared_cell(c, s, v);
    case 'i':
    case 'r':
        return text_cell(c, s, v);
    case 'b':
        return rows_cell(c, s->b->rows, s->col, CELL_BOOLEAN, str_eq(v, S("0")) || str_ieq(v, S("false")) ? S("false") : S("true"));
    case 'e':
        rows_note(s->b->rows, "cell_error", s->row, s->col + 1, v);
        return rows_cell(c, s->b->rows, s->col, CELL_ERROR, v);
    case 'd':
        return rows_cell(c, s->b->rows, s->col, CELL_DATE, v);
    default:
        return number_cell(c, s, v);
    }
}

static bool on_end(ctx *c, void *to, str name)
{
    sheet *s = to;
    if (str_eq(name, S("v")) || str_eq(name, S("t")))
        s->in_value = false;
    else if (str_eq(name, S("c")))
        return end_cell(c, s);
    else if (str_eq(name, S("row")))
        return rows_row(c, s->b->rows, s->row);
    else if (str_eq(name, S("rPh")))
        s->in_reading--;
    return true;
}

static bool on_text(ctx *c, void *to, str t)
{
    (void)c;
    sheet *s = to;
    if (s->in_value)
        buf_add(&s->text, t);
    return true;
}

bool xlsx_sheet_read(ctx *c, xlsx_book *b, const xlsx_sheet *sh)
{
    arena *own = arena_new(65536);
    sheet s = { .b = b, .sheet = sh, .text = buf_max(own, TABLE_CELL_MAX), .made = buf_max(own, TABLE_CELL_MAX) };
    xml_handler h = { .to = &s, .start = on_start, .end = on_end, .text = on_text };
    rows_begin(b->rows, sh->name, find_merges, &s);
    if (sh->hidden)
        rows_note(b->rows, "sheet_hidden", 0, 0, sh->name);
    bool ok = xlsx_part(c, b, sh->target, &h, NULL) && rows_finish(c, b->rows);
    arena_free(own);
    return ok;
}
