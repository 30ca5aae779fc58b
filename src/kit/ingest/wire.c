#include "kit/ingest/wire.h"

#define NO_CELL UINT32_MAX

static void add_u64(buf *b, uint64_t v)
{
    buf_add(b, (str){ (const char *)&v, sizeof v });
}

static void add_str(buf *b, str s)          /* a cell, or a text that may be none */
{
    uint32_t n = s.p == NULL ? NO_CELL : (uint32_t)s.n;
    buf_add(b, (str){ (const char *)&n, sizeof n });
    buf_add(b, s);
}

static buf frame(wire_out *w)
{
    arena_reset(w->a);
    return buf_max(w->a, (size_t)64 << 20);
}

static bool send(ctx *c, wire_out *w, wire_kind kind, const buf *b)
{
    return buf_fits(b) ? w->say(c, (uint8_t)kind, buf_str(b))
                       : fail(c, TOO_LARGE, "a row or header has more than %zu bytes", b->max);
}

static bool out_begin(ctx *c, void *to, const table_head *h)
{
    wire_out *w = to;
    buf b = frame(w);
    add_str(&b, h->name);
    add_u64(&b, h->col_count);
    add_u64(&b, h->header_rows);
    add_u64(&b, h->notes_rows);
    for (size_t i = 0; i < h->col_count; i++) {
        add_str(&b, h->cols[i].title);
        add_str(&b, h->cols[i].second);
        add_str(&b, h->cols[i].hint);
    }
    for (size_t i = 0; i < h->notes_rows; i++)
        add_str(&b, h->notes[i]);
    return send(c, w, WIRE_BEGIN, &b);
}

static bool out_block(ctx *c, void *to, const table_block *t)
{
    wire_out *w = to;
    buf b = frame(w);
    add_u64(&b, t->rows);
    add_u64(&b, t->cols);
    add_u64(&b, t->first_row);
    buf_byte(&b, (char)((t->bytes != NULL ? 1 : 0) | (t->lines != NULL ? 2 : 0)));
    for (size_t i = 0; i < t->rows && t->bytes != NULL; i++)
        add_u64(&b, t->bytes[i]);
    for (size_t i = 0; i < t->rows && t->lines != NULL; i++)
        add_u64(&b, t->lines[i]);
    for (size_t i = 0; i < t->rows * t->cols; i++)
        add_str(&b, t->cells[i]);
    return send(c, w, WIRE_BLOCK, &b);
}

static bool out_finding(ctx *c, void *to, const table_finding *f)
{
    wire_out *w = to;
    buf b = frame(w);
    add_str(&b, str_of(f->code));
    add_u64(&b, f->row);
    add_u64(&b, f->line);
    add_u64(&b, f->byte);
    add_u64(&b, f->col);
    add_u64(&b, f->count);
    add_str(&b, f->sample);
    return send(c, w, WIRE_FINDING, &b);
}

static bool out_end(ctx *c, void *to)
{
    wire_out *w = to;
    return w->say(c, WIRE_END, (str){ 0 });
}

table_sink wire_sink(wire_out *w)
{
    return (table_sink){ w, out_begin, out_block, out_finding, out_end };
}

bool wire_error(ctx *c, wire_out *w)
{
    err e = c->err;
    buf b = buf_in(c->a);
    err_clear(c);
    add_u64(&b, e.code);
    add_str(&b, e.message);
    add_str(&b, e.field);
    add_str(&b, e.detail);
    return send(c, w, WIRE_ERROR, &b);
}

/* --- the parent's side --- */

typedef struct {
    str  left;
    bool bad;
} reading;

static uint64_t take_u64(reading *r)
{
    uint64_t v = 0;
    if (r->left.n < sizeof v) {
        r->bad = true;
        return 0;
    }
    memcpy(&v, r->left.p, sizeof v);
    r->left = str_from(r->left, sizeof v);
    return v;
}

static str take_str(reading *r)
{
    uint32_t n;
    if (r->left.n < sizeof n) {
        r->bad = true;
        return (str){ 0 };
    }
    memcpy(&n, r->left.p, sizeof n);
    r->left = str_from(r->left, sizeof n);
    if (n == NO_CELL)
        return (str){ 0 };
    if (n > r->left.n) {
        r->bad = true;
        return (str){ 0 };
    }
    str s = { n > 0 ? r->left.p : "", n };
    r->left = str_from(r->left, n);
    return s;
}

static bool broken(ctx *c)
{
    return fail(c, INVALID, "the reader of this file answered with nonsense: the file may be an attack");
}

static bool in_begin(ctx *c, wire_in *w, reading *r)
{
    table_head h = { .name = take_str(r) };
    h.col_count = take_u64(r);
    h.header_rows = take_u64(r);
    h.notes_rows = take_u64(r);
    if (r->bad || w->open || h.col_count > TABLE_COLS_MAX || h.notes_rows > r->left.n / sizeof(uint32_t))
        return broken(c);
    h.cols = new_n(w->a, table_column_head, h.col_count + 1);
    h.notes = new_n(w->a, str, h.notes_rows + 1);
    for (size_t i = 0; i < h.col_count; i++) {
        h.cols[i].title = take_str(r);
        h.cols[i].second = take_str(r);
        h.cols[i].hint = take_str(r);
    }
    for (size_t i = 0; i < h.notes_rows; i++)
        h.notes[i] = take_str(r);
    if (r->bad)
        return broken(c);
    w->open = true;
    w->cols = h.col_count;
    w->rows = 0;
    return w->to->begin(c, w->to->to, &h);
}

static bool in_block(ctx *c, wire_in *w, reading *r)
{
    table_block b = { .rows = take_u64(r) };
    b.cols = take_u64(r);
    b.first_row = take_u64(r);
    if (r->bad || !w->open || b.cols != w->cols || b.rows == 0 || b.rows > TABLE_BLOCK_ROWS || b.first_row != w->rows + 1
        || r->left.n == 0 || b.rows * b.cols > r->left.n / sizeof(uint32_t))
        return broken(c);
    char has = r->left.p[0];
    r->left = str_from(r->left, 1);
    uint64_t *places[2] = { has & 1 ? new_n(w->a, uint64_t, b.rows) : NULL, has & 2 ? new_n(w->a, uint64_t, b.rows) : NULL };
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < b.rows && places[k] != NULL; i++)
            places[k][i] = take_u64(r);
    str within = r->left, *cells = new_n(w->a, str, b.rows * b.cols + 1);
    for (size_t i = 0; i < b.rows * b.cols && !r->bad; i++)
        cells[i] = take_str(r);
    if (r->bad)
        return broken(c);
    b.cells = cells;
    b.within = within;
    b.bytes = places[0];
    b.lines = places[1];
    w->rows += b.rows;
    return w->to->block(c, w->to->to, &b);
}

static bool in_finding(ctx *c, wire_in *w, reading *r)
{
    str code = take_str(r);
    table_finding f = { .row = take_u64(r) };       /* one a statement: an initialiser has no order */
    f.line = take_u64(r);
    f.byte = take_u64(r);
    f.col = (size_t)take_u64(r);
    f.count = take_u64(r);
    f.sample = take_str(r);
    static const char *const known[] = {
#define FINDING(name, ...) #name,
#include "kit/table/finding.def"
#undef FINDING
    };
    for (size_t i = 0; i < array_len(known) && f.code == NULL; i++)
        if (str_eq(code, str_of(known[i])))
            f.code = known[i];
    return r->bad || !w->open || f.code == NULL ? broken(c) : w->to->finding(c, w->to->to, &f);
}

static bool in_error(ctx *c, reading *r)
{
    uint64_t code = take_u64(r);
    str message = take_str(r), field = take_str(r), detail = take_str(r);
    if (r->bad || code == ERR_OK || code >= ERR_COUNT)
        return broken(c);
    (void)err_set_field(c, (err_code)code, field, __FILE__, __LINE__, "%.*s", S_ARG(message));
    if (detail.n > 0)
        err_detail(c, "%.*s", S_ARG(detail));
    return false;
}

bool wire_take(ctx *c, wire_in *w, uint8_t kind, str bytes)
{
    reading r = { .left = bytes };
    arena_reset(w->a);
    switch (kind) {
    case WIRE_BEGIN:
        return in_begin(c, w, &r);
    case WIRE_BLOCK:
        return in_block(c, w, &r);
    case WIRE_FINDING:
        return in_finding(c, w, &r);
    case WIRE_END:
        if (!w->open)
            return broken(c);
        w->open = false;
        return w->to->end(c, w->to->to);
    case WIRE_ERROR:
        return in_error(c, &r);
    default:
        return broken(c);
    }
}
