#include "kit/sheet/ods.h"
#include "kit/sheet/rows.h"
#include "kit/sheet/serial.h"
#include "kit/source/xml.h"
#include "kit/source/zip.h"

#define ROWS_MAX 1048576
#define REPEATED_MAX ((uint64_t)512 << 20)  /* bytes that repetition may add */
#define STYLES_MAX 65536

typedef struct {
    size_t    col, repeat, at, n;
    cell_kind kind;
} ods_cell;

typedef struct {
    ctx     *c;
    rows    *rows;
    arena   *own;
    map      hidden;                        /* names of table styles that are not displayed */
    str      style;                         /* the table style that is being defined */
    int      depth, cell_depth, table_depth;
    str      sheet;
    /* the row */
    struct { ods_cell *v; size_t n, cap; } cells;
    buf      text;                          /* of its cells */
    uint64_t row;                           /* its number, from 1 */
    uint64_t row_repeat, repeated;
    size_t   next_col;
    /* the cell */
    size_t   repeat, from;
    cell_kind kind;
    bool     in_cell, in_p, has_p, covered, from_text;
} ods;

static uint64_t count_of(str s)
{
    int64_t n;
    return s.p != NULL && str_to_i64(s, &n) && n > 0 ? (uint64_t)n : 1;
}

/* PT08H30M00.5S → 08:30:00.5 ; false when it is none */
static bool add_time(buf *b, str s)
{
    int hours, minutes;
    double seconds;
    char z[48];
    if (s.n >= sizeof z)
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    if (sscanf(z, "PT%5dH%2dM%lfS", &hours, &minutes, &seconds) != 3 || hours < 0 || minutes < 0 || !(seconds >= 0 && seconds < 61))
        return false;
    return serial_date(b, (hours * 3600.0 + minutes * 60.0 + seconds) / 86400.0, SERIAL_TIME, false);
}

static void take_value(ods *o, const char *const *atts)
{
    str type = xml_att(atts, "value-type"), v;
    bool long_number = false;
    o->from_text = false;
    if (type.n == 0)
        return;
    if (str_eq(type, S("string"))) {
        o->kind = CELL_TEXT;
        v = xml_att(atts, "string-value");
        o->from_text = v.p == NULL;
        buf_add(&o->text, v);
    } else if (str_eq(type, S("date"))) {
        v = xml_att(atts, "date-value");
        o->kind = CELL_DATE;
        buf_add(&o->text, str_ends(v, S("T00:00:00")) ? str_sub(v, 0, v.n - 9) : v);
    } else if (str_eq(type, S("time"))) {
        v = xml_att(atts, "time-value");
        o->kind = CELL_DATE;
        if (!add_time(&o->text, v))
            buf_add(&o->text, v);
    } else if (str_eq(type, S("boolean"))) {
        o->kind = CELL_BOOLEAN;
        buf_add(&o->text, xml_att(atts, "boolean-value"));
    } else if ((v = xml_att(atts, "value")).p != NULL) {
        o->kind = CELL_NUMBER;
        serial_number(&o->text, v, &long_number);
        if (long_number)
            rows_note(o->rows, "number_long", o->row, o->next_col + 1, v);
    } else {
        o->kind = CELL_TEXT;
        o->from_text = true;
    }
}

static void begin_cell(ods *o, const char *const *atts, bool covered)
{
    o->in_cell = true;
    o->covered = covered;
    o->cell_depth = o->depth;
    o->repeat = count_of(xml_att(atts, "number-columns-repeated"));
    o->from = o->text.n;
    o->kind = CELL_NONE;
    o->has_p = o->in_p = false;
    take_value(o, atts);
    uint64_t wide = count_of(xml_att(atts, "number-columns-spanned")), high = count_of(xml_att(atts, "number-rows-spanned"));
    if (!covered && (wide > 1 || high > 1) && o->row > 0) {
        if (o->row < 256)
            rows_merged(o->rows, (rows_area){ .top = o->row - 1, .left = o->next_col, .bottom = o->row + high - 2,
                                              .right = o->next_col + wide - 1 });
        rows_note(o->rows, "cells_merged", o->row, o->next_col + 1, (str){ 0 });
    }
}

static bool end_cell(ctx *c, ods *o)
{
    size_t n = o->text.n - o->from, cols = o->repeat;
    o->in_cell = false;
    if (!buf_fits(&o->text))
        return fail(c, TOO_LARGE, "sheet “%.*s”, row %" PRIu64 " has more than %zu bytes", S_ARG(o->sheet), o->row, 4 * TABLE_CELL_MAX);
    if (o->kind != CELL_NONE && !o->covered && (n > 0 || o->kind != CELL_TEXT)) {
        if (o->next_col >= TABLE_COLS_MAX || cols > TABLE_COLS_MAX - o->next_col)
            return fail(c, TOO_LARGE, "sheet “%.*s” has more than %d columns with values", S_ARG(o->sheet), TABLE_COLS_MAX);
        str v = str_sub(buf_str(&o->text), o->from, o->text.n);
        if (o->kind == CELL_TEXT && n >= 2 && v.p[0] == '#' && (str_eq(v, S("#N/A")) || str_ends(v, S("!")))) {
            o->kind = CELL_ERROR;
            rows_note(o->rows, "cell_error", o->row, o->next_col + 1, v);
        }
        list_add(o->own, &o->cells, (ods_cell){ o->next_col, cols, o->from, n, o->kind });
    } else {
        o->text.n = o->from;
    }
    o->next_col = cols > SIZE_MAX / 2 - o->next_col ? SIZE_MAX / 2 : o->next_col + cols;
    return true;
}

static bool end_row(ctx *c, ods *o)
{
    if (o->cells.n > 0 && o->row + o->row_repeat - 1 > ROWS_MAX)
        return fail(c, TOO_LARGE, "sheet “%.*s” has more than %d rows with values", S_ARG(o->sheet), ROWS_MAX);
    for (uint64_t i = 0; o->cells.n > 0 && i < o->row_repeat; i++) {
        list_each(ods_cell, e, &o->cells)
            for (size_t k = 0; k < e->repeat; k++) {
                if (i > 0 || k > 0)
                    o->repeated += e->n + 32;
                if (o->repeated > REPEATED_MAX)
                    return fail(c, TOO_LARGE, "sheet “%.*s” repeats cells until they have more than %" PRIu64 " bytes", S_ARG(o->sheet),
                                REPEATED_MAX);
                if (!rows_cell(c, o->rows, e->col + k, e->kind, str_sub(buf_str(&o->text), e->at, e->at + e->n)))
                    return false;
            }
        if (!rows_row(c, o->rows, o->row + i))
            return false;
    }
    o->row = o->row_repeat > ROWS_MAX * 2 ? ROWS_MAX * 2 : o->row + o->row_repeat - 1;
    return true;
}

static bool begin_inside(ods *o, str name, const char *const *atts)
{
    if (o->depth == o->cell_depth + 1 && str_eq(name, S("p"))) {
        if (o->from_text && o->has_p)
            buf_byte(&o->text, '\n');
        o->in_p = o->has_p = true;
    } else if (o->in_p && o->from_text) {
        if (str_eq(name, S("s"))) {
            uint64_t n = count_of(xml_att(atts, "c"));
            for (uint64_t i = 0; i < n && buf_fits(&o->text); i++)
                buf_byte(&o->text, ' ');
        } else if (str_eq(name, S("line-break"))) {
            buf_byte(&o->text, '\n');
        } else if (str_eq(name, S("tab"))) {
            buf_byte(&o->text, '\t');
        }
    }
    return true;
}

static bool on_start(ctx *c, void *to, str name, const char *const *atts)
{
    ods *o = to;
    o->depth++;
    if (o->in_cell)
        return begin_inside(o, name, atts);
    if (str_eq(name, S("table-cell")) || str_eq(name, S("covered-table-cell"))) {
        begin_cell(o, atts, name.p[0] == 'c');
    } else if (str_eq(name, S("table-row"))) {
        o->row++;
        o->row_repeat = count_of(xml_att(atts, "number-rows-repeated"));
        o->cells.n = o->text.n = o->next_col = 0;
    } else if (str_eq(name, S("table")) && o->table_depth == 0) {
        o->table_depth = o->depth;
        o->sheet = str_dup(c->a, xml_att(atts, "name"));
        o->row = 0;
        rows_begin(o->rows, o->sheet, NULL, NULL);
        if (map_get(&o->hidden, xml_att(atts, "style-name")) != NULL)
            rows_note(o->rows, "sheet_hidden", 0, 0, o->sheet);
    } else if (str_eq(name, S("style"))) {
        o->style = str_dup(c->a, xml_att(atts, "name"));
    } else if (str_eq(name, S("table-properties")) && str_eq(xml_att(atts, "display"), S("false")) && o->hidden.n < STYLES_MAX) {
        map_set_i64(&o->hidden, o->style, 1);
    }
    return true;
}

static bool on_end(ctx *c, void *to, str name)
{
    ods *o = to;
    int depth = o->depth--;
    if (o->in_cell) {
        if (depth == o->cell_depth)
            return end_cell(c, o);
        if (depth == o->cell_depth + 1)
            o->in_p = false;
        return true;
    }
    if (str_eq(name, S("table-row")))
        return end_row(c, o);
    if (depth == o->table_depth) {
        o->table_depth = 0;
        return rows_finish(c, o->rows);
    }
    return true;
}

static bool on_text(ctx *c, void *to, str s)
{
    (void)c;
    ods *o = to;
    if (o->in_p && o->from_text)
        buf_add(&o->text, s);
    return true;
}

static bool read_content(ctx *c, const source *s, const reader_options *opt, const xml_handler *h)
{
    unsigned char head[4] = { 0 };
    size_t got;
    if (!source_some(c, s, 0, head, 4, &got))
        return false;
    if (source_u32(head) != 0x04034b50) {
        source_reader r = { .s = s };
        return xml_read(c, source_bytes(&r), s->name, h, NULL);
    }
    zip z;
    zip_stream *in;
    if (!zip_open(c, s, reader_max(opt), &z))
        return false;
    const zip_entry *manifest = zip_find(&z, S("META-INF/manifest.xml")), *e = zip_find(&z, S("content.xml"));
    if (e == NULL)
        return fail(c, INVALID, "“%.*s” is no OpenDocument file: it has no content.xml", S_ARG(s->name));
    str list;
    if (manifest != NULL && manifest->size < (1 << 20) && zip_all(c, &z, manifest, (size_t)1 << 20, &list)
        && str_has(list, S("encryption-data")))
        return fail(c, INVALID, "“%.*s” is locked with a password: publish it without one", S_ARG(s->name));
    if (c->err.code != ERR_OK || !zip_begin(c, &z, e, &in))
        return false;
    bool ok = xml_read(c, zip_bytes(in), e->name, h, NULL);
    zip_end(in);
    return ok;
}

bool ods_read(ctx *c, const source *s, const reader_options *opt, const table_sink *sink)
{
    arena *own = arena_new(65536);
    ods o = { .c = c, .own = own, .rows = rows_new(sink), .hidden = map_in(c->a), .text = buf_max(own, 4 * TABLE_CELL_MAX) };
    xml_handler h = { .to = &o, .start = on_start, .end = on_end, .text = on_text };
    bool ok = read_content(c, s, opt, &h) && source_same(c, s);
    rows_free(o.rows);
    arena_free(own);
    return ok;
}
