/* CSV: every step uses text up, each record says the line where it begins, and rows that are written again are read
 * again as they were. */
#include "fuzz.h"
#include "kit/text/csv_read.h"
#include "kit/text/csv_write.h"

typedef struct { str_list *v; size_t n, cap; } rows;

/* The line of a place: CR LF, LF and CR each end one. */
static int64_t line_at(str text, size_t at)
{
    int64_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += text.p[i] == '\n' ? i == 0 || text.p[i - 1] != '\r' : text.p[i] == '\r';
    return line;
}

static bool read_rows(ctx *c, str text, char separator, rows *out)
{
    csv_reader r = csv_open(text);
    r.separator = separator != 0 ? separator : r.separator;
    *out = (rows){ 0 };
    for (bool more = true;;) {
        str_list cells = { 0 };
        size_t at = (size_t)(text.n - r.rest.n);
        while (at < text.n && (text.p[at] == '\r' || text.p[at] == '\n'))
            at++;
        size_t before = r.rest.n;
        bool ok = csv_next(c, &r, &cells, &more);
        must(r.line == line_at(text, at));
        if (!ok || !more)
            return ok;
        must(r.rest.n < before && cells.n > 0 && cells.n <= before + 1);
        if (cells.n > 1 || cells.v[0].n > 0) /* one empty cell is written as an empty line, which is no record */
            list_add(c->a, out, cells);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ctx c = { .a = arena_new(16384) };
    rows first, again;
    bool ok = read_rows(&c, fuzz_str(data, size), 0, &first);
    fuzz_refused(&c, ok);
    buf b = buf_in(c.a);
    csv_w w = csv_to(&b);
    for (size_t i = 0; i < first.n; i++) {
        for (size_t k = 0; k < first.v[i].n; k++)
            csv_str(&w, first.v[i].v[k]);
        csv_row(&w);
    }
    must(read_rows(&c, str_from(buf_str(&b), 3), ',', &again) && again.n == first.n);
    for (size_t i = 0; i < first.n; i++) {
        must(again.v[i].n == first.v[i].n);
        for (size_t k = 0; k < first.v[i].n; k++)
            must(str_eq(again.v[i].v[k], first.v[i].v[k]));
    }
    arena_free(c.a);
    return 0;
}
