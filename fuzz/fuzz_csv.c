/* Any bytes as a table in text: byte by byte, by bit masks, whole and through windows of any size, the same rows, places and
 * findings come out. The first three bytes say how it is read; the rest is the text. */
#include "kit/table/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    buf rows, findings;
} heard;

static void add(buf *b, str s)
{
    buf_fmt(b, "%zu%c", s.n, s.p == NULL ? '-' : ':');
    buf_add(b, s);
}

static bool on_begin(ctx *c, void *to, const table_head *h)
{
    (void)c;
    heard *x = to;
    buf_fmt(&x->rows, "%zu %zu %zu\n", h->col_count, h->header_rows, h->notes_rows);
    for (size_t k = 0; k < h->col_count; k++) {
        add(&x->rows, h->cols[k].title);
        add(&x->rows, h->cols[k].second);
    }
    for (size_t i = 0; i < h->notes_rows; i++)
        add(&x->rows, h->notes[i]);
    return true;
}

static bool on_block(ctx *c, void *to, const table_block *b)
{
    (void)c;
    heard *x = to;
    for (size_t i = 0; i < b->rows; i++) {
        buf_fmt(&x->rows, "\n%" PRIu64 " %" PRIu64 " %" PRIu64, b->first_row + i, b->lines[i], b->bytes[i]);
        for (size_t k = 0; k < b->cols; k++) {
            must(b->cells[i * b->cols + k].n <= TABLE_CELL_MAX && utf8_valid(b->cells[i * b->cols + k], NULL));
            add(&x->rows, b->cells[i * b->cols + k]);
        }
    }
    return true;
}

static bool on_finding(ctx *c, void *to, const table_finding *f)
{
    (void)c;
    heard *x = to;
    buf_fmt(&x->findings, "%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %zu %" PRIu64 " ", f->code, f->row, f->line, f->byte, f->col, f->count);
    add(&x->findings, f->sample);
    return true;
}

static bool on_end(ctx *c, void *to)
{
    (void)c;
    return to != NULL;
}

static str read_as(ctx *c, str text, const csv_declared *said)
{
    heard x = { .rows = buf_in(c->a), .findings = buf_in(c->a) };
    table_sink sink = { .to = &x, .begin = on_begin, .block = on_block, .finding = on_finding, .end = on_end };
    source s = source_memory(text, S("text"));
    csv_found f;
    if (!csv_read(c, &s, said, &sink, &f)) {
        buf_fmt(&x.rows, "error %.*s", S_ARG(c->err.message));
        err_clear(c);
    }
    return str_cat(c->a, buf_str(&x.findings), buf_str(&x.rows));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const encodings[] = { "", "", "CP950", "UTF-16LE", "GB18030", "UTF-8", "CP932", "UTF-16BE" };
    if (size < 3)
        return 0;
    csv_declared said = { .encoding = str_of(encodings[data[0] & 7]), .sep = "\0,;\t"[data[0] >> 3 & 3],
                          .escape = (data[0] & 32) != 0 ? '\\' : 0, .quote = (data[0] & 64) != 0 ? '\'' : 0,
                          .header_rows = (data[0] & 128) != 0 ? 1 : 0 };
    str text = { (const char *)data + 3, size - 3 };
    ctx c = { .a = arena_new(1 << 16) };
    str first = read_as(&c, text, &said);
    size_t windows[] = { 0, 1 + data[1], 1 + data[2], 64 * (1 + (size_t)data[1]) };
    for (size_t i = 0; i < array_len(windows) * 2; i++) {
        csv_declared d = said;
        d.plain = i % 2 == 0;
        d.window = windows[i / 2];
        must(str_eq(first, read_as(&c, text, &d)));
    }
    arena_free(c.a);
    return 0;
}
