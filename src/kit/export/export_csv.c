/* CSV and TSV: RFC 4180, lines end with CR LF, quotes only where they are needed. TSV has no quotes: a tab or line end
 * within a value becomes a blank. */
#include "kit/export/export_inside.h"

#include "kit/table/number_text.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static uint64_t has_byte(uint64_t word, char c)
{
    uint64_t x = word ^ ONES * (unsigned char)c;
    return (x - ONES) & ~x & HIGHS;
}

/* Does any of a, b, CR, LF stand in s? Eight bytes a look. */
static bool holds(str s, char a, char b)
{
    uint64_t found = 0, word;
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        memcpy(&word, s.p + i, 8);
        found |= has_byte(word, a) | has_byte(word, b) | has_byte(word, '\n') | has_byte(word, '\r');
    }
    for (; i < s.n; i++)
        found |= s.p[i] == a || s.p[i] == b || s.p[i] == '\n' || s.p[i] == '\r';
    return found != 0;
}

static bool runs(str s)
{
    number_text n;
    switch (s.p[0]) {
    case '+': case '-': return !number_read(s, &n);
    case '=': case '@': case '\t': case '\r': case '\n': return true;
    default: return str_starts(s, S("＝")) || str_starts(s, S("＋")) || str_starts(s, S("－")) || str_starts(s, S("＠"));
    }
}

static void quoted(buf *o, str s, bool guard)
{
    buf_byte(o, '"');
    if (guard)
        buf_byte(o, '\'');
    for (size_t end; (end = str_find_byte(s, '"')) < s.n; s = str_from(s, end + 1)) {
        buf_add(o, str_sub(s, 0, end));
        buf_add(o, S("\"\""));
    }
    buf_add(o, s);
    buf_byte(o, '"');
}

static void flat(buf *o, str s)
{
    for (size_t i = 0; i < s.n; i++)
        buf_byte(o, s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
}

static char separator(const export *e)
{
    return e->p.format == EXPORT_TSV ? '\t' : e->p.separator != 0 ? e->p.separator : ',';
}

static void cell(const export *e, const export_column *k, buf *o, str s, bool is_text)
{
    (void)k;
    if (s.n == 0 || (!is_text && export_is_typed(e))) {
        buf_add(o, s);
        return;
    }
    bool guard = is_text && e->p.guard && runs(s); /* a number as published may have commas, but is no formula */
    if (holds(s, separator(e), '"') || (e->p.col_count == 1 && str_trim(s).n == 0)) {
        if (e->p.format == EXPORT_TSV) {
            buf_add(o, guard ? S("'") : S(""));
            flat(o, s);
        } else {
            quoted(o, s, guard);
        }
        return;
    }
    if (guard)
        buf_byte(o, '\'');
    buf_add(o, s);
}

static void line_end(const export *e, buf *o)
{
    buf_add(o, e->p.format == EXPORT_TSV ? S("\n") : S("\r\n"));
}

static void head(export *e, buf *o)
{
    if (e->p.bom)
        buf_add(o, S("\xef\xbb\xbf"));
    if (e->p.no_header)
        return;
    for (size_t i = 0; i < e->p.col_count; i++) {
        if (i > 0)
            buf_byte(o, separator(e));
        cell(e, &e->cols[i], o, e->cols[i].name, true);
    }
    line_end(e, o);
}

static void row(export *e, buf *o, uint32_t r)
{
    char sep = separator(e);
    size_t before = o->n;
    for (size_t i = 0; i < e->p.col_count; i++) {
        if (i > 0)
            buf_byte(o, sep);
        export_put(e, &e->cols[i], o, r);
    }
    if (o->n == before && e->p.format == EXPORT_CSV)
        buf_add(o, S("\"\"")); /* a line without anything is no row to most readers */
    line_end(e, o);
}

static void foot(export *e, buf *o)
{
    (void)e;
    (void)o;
}

const export_form export_csv_form = { head, row, foot, cell };
