#include "kit/sheet/xls.h"
#include "kit/sheet/ole.h"
#include "kit/sheet/rows.h"
#include "kit/sheet/serial.h"
#include "kit/text/charset.h"

#include <math.h>

enum { BIFF_FORMULA = 0x06, BIFF_EOF = 0x0a, BIFF_1904 = 0x22, BIFF_FILEPASS = 0x2f, BIFF_CONTINUE = 0x3c, BIFF_CODEPAGE = 0x42,
       BIFF_BOUNDSHEET = 0x85, BIFF_MULRK = 0xbd, BIFF_RSTRING = 0xd6, BIFF_XF = 0xe0, BIFF_MERGE = 0xe5, BIFF_SST = 0xfc,
       BIFF_LABELSST = 0xfd, BIFF_NUMBER = 0x203, BIFF_LABEL = 0x204, BIFF_BOOLERR = 0x205, BIFF_STRING = 0x207, BIFF_RK = 0x27e,
       BIFF_FORMAT = 0x41e, BIFF_BOF = 0x809 };

#define SHEETS_MAX 1024
#define STYLES_MAX 65536

typedef struct {
    str      all;                           /* the workbook's stream */
    size_t   at;                            /* of the next record */
    unsigned id;
    const unsigned char *p;                 /* the record */
    size_t   n;
} biff;

typedef struct {
    str    name;
    size_t at;
    bool   hidden, cells;
} xls_sheet;

typedef struct {
    biff     b;
    arena   *own;
    rows    *rows;
    bool     biff8, since_1904;
    charset_decoder *page;                  /* of texts that are not Unicode */
    str     *texts;
    size_t   text_n;
    struct { xls_sheet *v; size_t n, cap; } sheets;
    struct { uint8_t *v; size_t n, cap; } forms;
    uint8_t  custom[STYLES_MAX];            /* 1 + serial_form of number formats of the workbook's own */
    buf      made, utf8;
    uint64_t row;                           /* the row that is being read, from 1; 0: none */
    size_t   formula_col;                   /* 1 + column of a formula whose text follows */
} book;

static bool next(biff *b)
{
    if (b->at + 4 > b->all.n)
        return false;
    const unsigned char *p = (const unsigned char *)b->all.p + b->at;
    b->id = source_u16(p);
    b->n = source_u16(p + 2);
    b->p = p + 4;
    if (b->n > b->all.n - b->at - 4)
        return false;
    b->at += 4 + b->n;
    return true;
}

/* --- texts --- */

static str from_page(ctx *c, book *k, const unsigned char *p, size_t n)
{
    k->utf8.n = 0;
    size_t used, made;
    if (!buf_room(&k->utf8, CHARSET_ROOM(n)) || !charset_decode(c, k->page, (str){ (const char *)p, n }, true, k->utf8.p,
                                                                k->utf8.cap, &used, &made)) {
        err_clear(c);
        return S("");
    }
    return (str){ k->utf8.p, made };
}

static void add_unit(buf *b, uint32_t u, uint32_t *high)
{
    if (u >= 0xd800 && u < 0xdc00) {
        *high = u;
        return;
    }
    if (u >= 0xdc00 && u < 0xe000 && *high != 0)
        u = 0x10000 + ((*high - 0xd800) << 10) + (u - 0xdc00);
    *high = 0;
    buf_utf8(b, u);
}

/* Unicode text of `count` characters: flags, then one or two bytes a character. False: it is not all there. */
static bool unicode(buf *b, const unsigned char *p, size_t n, size_t count, bool wide)
{
    uint32_t high = 0;
    if (n < count * (wide ? 2 : 1))
        return false;
    for (size_t i = 0; i < count; i++)
        add_unit(b, wide ? source_u16(p + i * 2) : p[i], &high);
    return true;
}

static str short_text(ctx *c, book *k, const unsigned char *p, size_t n, size_t count)   /* after its length */
{
    if (!k->biff8)
        return from_page(c, k, p, count < n ? count : n);
    k->utf8.n = 0;
    return n > 0 && unicode(&k->utf8, p + 1, n - 1, count, p[0] & 1) ? buf_str(&k->utf8) : S("");
}

/* The shared texts run over CONTINUE records; where a text is cut, the next record begins with its flags again. */
typedef struct {
    biff *b;
    const unsigned char *p;
    size_t n;
} run;

static bool run_on(run *r)
{
    biff ahead = *r->b;
    if (!next(&ahead) || ahead.id != BIFF_CONTINUE)
        return false;
    *r->b = ahead;
    r->p = ahead.p;
    r->n = ahead.n;
    return true;
}

static bool run_skip(run *r, size_t n)
{
    while (n > r->n) {
        n -= r->n;
        if (!run_on(r))
            return false;
    }
    r->p += n;
    r->n -= n;
    return true;
}

static bool run_text(run *r, buf *out)
{
    if ((r->n == 0 && !run_on(r)) || r->n < 3)
        return false;
    size_t count = source_u16(r->p), rich = 0, reading = 0;
    unsigned flags = r->p[2];
    uint32_t high = 0;
    size_t head = 3 + (flags & 8 ? 2 : 0) + (flags & 4 ? 4 : 0);
    if (r->n < head)
        return false;
    if (flags & 8)
        rich = (size_t)source_u16(r->p + 3) * 4;
    if (flags & 4)
        reading = source_u32(r->p + head - 4);
    r->p += head;
    r->n -= head;
    while (count > 0) {
        size_t each = flags & 1 ? 2 : 1;
        if (r->n < each) {
            if (!run_on(r) || r->n < 1)
                return false;
            flags = r->p[0];
            r->p++;
            r->n--;
            continue;
        }
        add_unit(out, each == 2 ? source_u16(r->p) : r->p[0], &high);
        r->p += each;
        r->n -= each;
        count--;
    }
    return run_skip(r, rich) && run_skip(r, reading);
}

static bool read_texts(ctx *c, book *k)
{
    run r = { &k->b, k->b.p, k->b.n };
    if (r.n < 8)
        return fail(c, INVALID, "the workbook is damaged: its texts are cut off");
    size_t count = source_u32(r.p + 4);
    if (count > k->b.all.n / 3)
        return fail(c, INVALID, "the workbook is damaged: it claims more texts than it has bytes");
    r.p += 8;
    r.n -= 8;
    k->texts = new_n(k->own, str, count + 1);
    for (size_t i = 0; i < count; i++) {
        k->utf8.n = 0;
        if (!run_text(&r, &k->utf8))
            break;                          /* a reference past the last text is told where it stands */
        k->texts[k->text_n++] = str_dup(k->own, buf_str(&k->utf8));
    }
    return true;
}

/* --- the workbook --- */

static bool open_page(ctx *c, book *k, unsigned page)
{
    const char *name = page == 950 ? "CP950" : page == 936 ? "GB18030" : page == 932 ? "CP932" : page == 949 ? "CP949" : "WINDOWS-1252";
    charset_close(k->page);
    k->page = NULL;
    return charset_open(c, name, &k->page);
}

static bool bound_sheet(ctx *c, book *k)
{
    const biff *b = &k->b;
    if (b->n < 7)
        return true;
    if (k->sheets.n == SHEETS_MAX)
        return fail(c, TOO_LARGE, "the workbook has more than %d sheets", SHEETS_MAX);
    str name = short_text(c, k, b->p + 7, b->n - 7, b->p[6]);
    list_add(k->own, &k->sheets, (xls_sheet){ .name = str_dup(k->own, name), .at = source_u32(b->p), .hidden = (b->p[4] & 3) != 0,
                                             .cells = b->p[5] == 0 });
    return true;
}

static bool globals(ctx *c, book *k)
{
    biff *b = &k->b;
    while (next(b) && b->id != BIFF_EOF) {
        bool ok = true;
        if (b->id == BIFF_FILEPASS)
            return fail(c, INVALID, "the workbook is locked with a password: publish it without one");
        if (b->id == BIFF_CODEPAGE && b->n >= 2)
            ok = open_page(c, k, source_u16(b->p));
        else if (b->id == BIFF_1904 && b->n >= 2)
            k->since_1904 = source_u16(b->p) == 1;
        else if (b->id == BIFF_BOUNDSHEET)
            ok = bound_sheet(c, k);
        else if (b->id == BIFF_FORMAT && b->n >= 5)
            k->custom[source_u16(b->p)] = (uint8_t)(1 + serial_of_format(k->biff8
                ? short_text(c, k, b->p + 4, b->n - 4, source_u16(b->p + 2)) : short_text(c, k, b->p + 3, b->n - 3, b->p[2])));
        else if (b->id == BIFF_XF && b->n >= 4 && k->forms.n < STYLES_MAX) {
            unsigned id = source_u16(b->p + 2);
            list_add(k->own, &k->forms, k->custom[id] > 0 ? (uint8_t)(k->custom[id] - 1) : (uint8_t)serial_of_builtin(id));
        } else if (b->id == BIFF_SST && k->texts == NULL)
            ok = read_texts(c, k);
        if (!ok)
            return false;
    }
    return true;
}

/* --- cells --- */

static bool cell(ctx *c, book *k, uint64_t row, size_t col, cell_kind kind, str s)
{
    if (row + 1 != k->row && k->row > 0 && !rows_row(c, k->rows, k->row))
        return false;
    k->row = row + 1;
    return rows_cell(c, k->rows, col, kind, s);
}

static bool number(ctx *c, book *k, uint64_t row, size_t col, size_t style, double v)
{
    serial_form form = style < k->forms.n ? (serial_form)k->forms.v[style] : SERIAL_PLAIN;
    bool long_number;
    k->made.n = 0;
    if (form != SERIAL_PLAIN) {
        if (serial_date(&k->made, v, form, k->since_1904))
            return cell(c, k, row, col, CELL_DATE, buf_str(&k->made));
        rows_note(k->rows, "date_impossible", row + 1, col + 1, (str){ 0 });
    }
    serial_double(&k->made, v, &long_number);
    if (long_number)
        rows_note(k->rows, "number_long", row + 1, col + 1, buf_str(&k->made));
    return cell(c, k, row, col, CELL_NUMBER, buf_str(&k->made));
}

static double real(const unsigned char *p)
{
    uint64_t bits = source_u64(p);
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static double packed(const unsigned char *p)        /* RK: a whole number or the upper half of a real, maybe a hundredfold */
{
    uint32_t rk = source_u32(p);
    double v;
    if (rk & 2) {
        v = (double)((int32_t)rk >> 2);
    } else {
        uint64_t bits = (uint64_t)(rk & 0xfffffffc) << 32;
        memcpy(&v, &bits, sizeof v);
    }
    return rk & 1 ? v / 100 : v;
}

static bool bool_or_error(ctx *c, book *k, uint64_t row, size_t col, unsigned value, bool is_error)
{
    str s = value == 0 ? S("#NULL!") : value == 7 ? S("#DIV/0!") : value == 15 ? S("#VALUE!") : value == 23 ? S("#REF!")
        : value == 29 ? S("#NAME?") : value == 36 ? S("#NUM!") : S("#N/A");
    if (!is_error)
        return cell(c, k, row, col, CELL_BOOLEAN, value != 0 ? S("true") : S("false"));
    rows_note(k->rows, "cell_error", row + 1, col + 1, s);
    return cell(c, k, row, col, CELL_ERROR, s);
}

static bool formula(ctx *c, book *k, uint64_t row, size_t col, size_t style)
{
    const unsigned char *p = k->b.p + 6;
    if (k->b.n < 14)
        return true;
    if (p[6] != 0xff || p[7] != 0xff)
        return number(c, k, row, col, style, real(p));
    if (p[0] == 0)
        k->formula_col = col + 1;           /* its text follows */
    else if (p[0] == 1 || p[0] == 2)
        return bool_or_error(c, k, row, col, p[2], p[0] == 2);
    if (p[0] == 0 && row + 1 != k->row)     /* an empty row until the text comes */
        return (k->row == 0 || rows_row(c, k->rows, k->row)) && (k->row = row + 1, true);
    return true;
}

static bool record(ctx *c, book *k, const xls_sheet *s)
{
    const biff *b = &k->b;
    if (b->id == BIFF_STRING && k->formula_col > 0 && b->n >= 2) {
        size_t col = k->formula_col - 1;
        k->formula_col = 0;
        return cell(c, k, k->row - 1, col, CELL_TEXT, short_text(c, k, b->p + 2, b->n - 2, source_u16(b->p)));
    }
    if (b->n < 6 || b->id == BIFF_MERGE)
        return true;
    uint64_t row = source_u16(b->p);
    size_t col = source_u16(b->p + 2), style = source_u16(b->p + 4), i;
    switch (b->id) {
    case BIFF_NUMBER:
        return b->n < 14 || number(c, k, row, col, style, real(b->p + 6));
    case BIFF_RK:
        return b->n < 10 || number(c, k, row, col, style, packed(b->p + 6));
    case BIFF_MULRK:
        for (i = 4; i + 6 < b->n; i += 6, col++)
            if (!number(c, k, row, col, source_u16(b->p + i), packed(b->p + i + 2)))
                return false;
        return true;
    case BIFF_LABELSST:
        i = b->n >= 10 ? source_u32(b->p + 6) : SIZE_MAX;
        return i < k->text_n ? cell(c, k, row, col, CELL_TEXT, k->texts[i])
            : fail(c, INVALID, "sheet “%.*s”, row %" PRIu64 " refers to a text that the workbook does not have", S_ARG(s->name), row + 1);
    case BIFF_LABEL:
    case BIFF_RSTRING:
        return b->n < 8 || cell(c, k, row, col, CELL_TEXT, short_text(c, k, b->p + 8, b->n - 8, source_u16(b->p + 6)));
    case BIFF_BOOLERR:
        return b->n < 8 || bool_or_error(c, k, row, col, b->p[6], b->p[7] != 0);
    case BIFF_FORMULA:
        return formula(c, k, row, col, style);
    default:
        return true;
    }
}

static bool find_merges(ctx *c, void *to)
{
    (void)c;
    book *k = to;
    biff b = k->b;
    while (next(&b) && b.id != BIFF_EOF)
        for (size_t i = 2; b.id == BIFF_MERGE && i + 8 <= b.n; i += 8)
            rows_merged(k->rows, (rows_area){ .top = source_u16(b.p + i), .bottom = source_u16(b.p + i + 2),
                                              .left = source_u16(b.p + i + 4), .right = source_u16(b.p + i + 6) });
    return true;
}

static bool read_sheet(ctx *c, book *k, const xls_sheet *s)
{
    biff *b = &k->b;
    b->at = s->at;
    if (!s->cells || s->at >= b->all.n || !next(b) || b->id != BIFF_BOF)
        return true;                        /* a chart or macro */
    rows_begin(k->rows, s->name, find_merges, k);
    if (s->hidden)
        rows_note(k->rows, "sheet_hidden", 0, 0, s->name);
    k->row = k->formula_col = 0;
    for (size_t depth = 1; depth > 0 && next(b);) {
        depth += b->id == BIFF_BOF;         /* charts stand within sheets */
        depth -= b->id == BIFF_EOF;
        if (b->id == BIFF_MERGE && b->n >= 10)
            rows_note(k->rows, "cells_merged", source_u16(b->p + 2) + 1u, source_u16(b->p + 6) + 1u, (str){ 0 });
        if (depth == 1 && !record(c, k, s))
            return false;
    }
    return (k->row == 0 || rows_row(c, k->rows, k->row)) && rows_finish(c, k->rows);
}

static bool read_book(ctx *c, const source *s, book *k)
{
    static const char *const names[] = { "Workbook", "Book", NULL };
    str file;
    if (!source_all(c, s, XLS_BYTES_MAX, &file))
        return false;
    if (str_starts(file, S("\xd0\xcf\x11\xe0"))) {
        if (ole_has(c, file, "EncryptedPackage"))
            return fail(c, INVALID, "“%.*s” is locked with a password: publish it without one", S_ARG(s->name));
        if (ole_has(c, file, "WordDocument"))
            return fail(c, INVALID, "“%.*s” is a text document: publish its table as CSV, ODS or XLSX", S_ARG(s->name));
        if (!ole_stream(c, file, names, &k->b.all)) {
            if (c->err.code == ERR_NOT_FOUND)
                err_clear(c);
            return c->err.code == ERR_OK && fail(c, INVALID, "“%.*s” is no workbook", S_ARG(s->name));
        }
    } else {
        k->b.all = file;
    }
    if (!next(&k->b) || k->b.id != BIFF_BOF || k->b.n < 4)
        return fail(c, INVALID, "“%.*s” is no workbook of Excel 5 or later: save it as XLSX or ODS", S_ARG(s->name));
    k->biff8 = source_u16(k->b.p) == 0x0600;
    if (!open_page(c, k, 1252) || !globals(c, k))
        return false;
    list_each(xls_sheet, sh, &k->sheets)
        if (!read_sheet(c, k, sh))
            return false;
    return source_same(c, s);
}

bool xls_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink)
{
    (void)o;
    arena *own = arena_new(65536);
    book *k = mem_get(sizeof *k);
    k->own = own;
    k->rows = rows_new(sink);
    k->made = buf_in(own);
    k->utf8 = buf_in(own);
    bool ok = read_book(c, s, k);
    rows_free(k->rows);
    charset_close(k->page);
    mem_free(k);
    arena_free(own);
    return ok;
}
