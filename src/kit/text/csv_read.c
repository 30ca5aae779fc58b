#include "kit/text/csv_read.h"

csv_reader csv_open(str text)
{
    csv_reader r = { .rest = text, .next_line = 1, .separator = ',' };
    str first = str_sub(text, 0, str_find_byte(text, '\n'));
    size_t best = 0;
    for (const char *s = ",;\t|"; *s != 0; s++) {
        size_t n = 0;
        for (size_t i = 0; i < first.n; i++)
            n += first.p[i] == *s;
        if (n > best) {
            best = n;
            r.separator = *s;
        }
    }
    return r;
}

static bool quoted(ctx *c, csv_reader *r, str *cell)
{
    buf b = { 0 };
    size_t from = 1;
    for (size_t i = 1; i < r->rest.n; i++) {
        if (r->rest.p[i] == '\n')
            r->next_line++;
        if (r->rest.p[i] != '"')
            continue;
        if (i + 1 < r->rest.n && r->rest.p[i + 1] == '"') {
            if (b.a == NULL)
                b = buf_in(c->a);
            buf_add(&b, str_sub(r->rest, from, i + 1));
            from = ++i + 1;
            continue;
        }
        str last = str_sub(r->rest, from, i);
        if (b.a != NULL) {
            buf_add(&b, last);
            last = buf_str(&b);
        }
        *cell = last;
        r->rest = str_from(r->rest, i + 1);
        return true;
    }
    return fail(c, INVALID, "the quote that opens in line %" PRId64 " is never closed", r->line);
}

static void plain(csv_reader *r, str *more)
{
    size_t i = 0;
    while (i < r->rest.n && r->rest.p[i] != r->separator && r->rest.p[i] != '\n' && r->rest.p[i] != '\r')
        i++;
    *more = str_sub(r->rest, 0, i);
    r->rest = str_from(r->rest, i);
}

bool csv_next(ctx *c, csv_reader *r, str_list *cells, bool *more)
{
    cells->n = 0;
    while (r->rest.n > 0 && (r->rest.p[0] == '\n' || r->rest.p[0] == '\r')) { /* empty lines */
        r->next_line += r->rest.p[0] == '\n';
        r->rest = str_from(r->rest, 1);
    }
    *more = r->rest.n > 0;
    r->line = r->next_line;
    while (r->rest.n > 0) {
        str cell = { 0 }, tail = { 0 };
        if (r->rest.p[0] == '"' && !quoted(c, r, &cell))
            return false;
        plain(r, &tail);
        if (tail.n > 0)
            cell = cell.n > 0 ? str_cat(c->a, cell, tail) : tail;
        list_add(c->a, cells, cell);
        if (r->rest.n == 0)
            break;
        char at = r->rest.p[0];
        r->rest = str_from(r->rest, 1);
        if (at == r->separator) {
            if (r->rest.n == 0)
                list_add(c->a, cells, (str){ 0 });
            continue;
        }
        if (at == '\r' && r->rest.n > 0 && r->rest.p[0] == '\n')
            r->rest = str_from(r->rest, 1);
        r->next_line++;
        break;
    }
    return true;
}
