#include "kit/text/csv_read.h"

#define SEPARATORS ",;\t|"

/* How often it stands in the first record, outside quotes. */
static size_t times_in_first(str text, char separator)
{
    size_t n = 0;
    bool in_quotes = false, at_start = true;
    for (size_t i = 0; i < text.n && (in_quotes || (text.p[i] != '\n' && text.p[i] != '\r')); i++) {
        char ch = text.p[i];
        in_quotes = ch == '"' && (in_quotes || at_start) ? !in_quotes : in_quotes;
        n += ch == separator && !in_quotes;
        at_start = memchr(SEPARATORS, ch, sizeof SEPARATORS - 1) != NULL;
    }
    return n;
}

csv_reader csv_open(str text)
{
    csv_reader r = { .rest = text, .next_line = 1, .separator = ',' };
    size_t best = 0;
    for (const char *s = SEPARATORS; *s != 0; s++) {
        size_t n = times_in_first(text, *s);
        if (n > best) {
            best = n;
            r.separator = *s;
        }
    }
    return r;
}

/* CR LF, LF and CR each end a line. */
static bool ends_line(str s, size_t i)
{
    return s.p[i] == '\n' || (s.p[i] == '\r' && (i + 1 == s.n || s.p[i + 1] != '\n'));
}

static bool quoted(ctx *c, csv_reader *r, str *cell)
{
    buf b = { 0 };
    size_t from = 1;
    for (size_t i = 1; i < r->rest.n; i++) {
        r->next_line += ends_line(r->rest, i);
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
        r->next_line += ends_line(r->rest, 0);
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
