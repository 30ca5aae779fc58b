#include "kit/sheet/sheet_write.h"
#include "kit/sheet/sheet_write_part.h"

#define FLUSH_BYTES ((size_t)65536)
#define BYTES_MAX ((uint64_t)3 << 30)       /* of one sheet before deflating: members stay below 4 GB */

void sheet_part_text(buf *b, str s)
{
    size_t from = 0, i = 0;
    while (i < s.n) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch >= ' ' && ch != '&' && ch != '<' && ch != '>' && ch != '"' && ch < 0x7f) {
            i++;
            continue;
        }
        size_t at = i;
        uint32_t code = utf8_next(s, &i);
        bool plain = code >= 0x80 && code != UTF8_BAD && code != 0xfffe && code != 0xffff;
        if (plain || ch == 0x7f)
            continue;
        buf_add(b, str_sub(s, from, at));
        from = i;
        if (ch == '&')
            buf_add(b, S("&amp;"));
        else if (ch == '<')
            buf_add(b, S("&lt;"));
        else if (ch == '>')
            buf_add(b, S("&gt;"));
        else if (ch == '"')
            buf_add(b, S("&quot;"));
        else if (ch == '\n' || ch == '\t')
            buf_byte(b, (char)ch);
        else if (ch == '\r')
            buf_add(b, S("&#13;"));
        else
            buf_add(b, S("\xef\xbf\xbd"));      /* what XML cannot hold */
    }
    buf_add(b, str_from(s, from));
}

bool sheet_part_number(str s)
{
    size_t i = s.n > 0 && s.p[0] == '-', digits = 0, first = i;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        digits++;
    if (digits == 0 || (digits > 1 && s.p[first] == '0'))
        return false;                       /* a leading zero is part of a code */
    if (i < s.n && s.p[i] == '.') {
        size_t whole = digits;
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
            digits++;
        if (digits == whole)
            return false;
    }
    return i == s.n && digits <= 15;
}

static bool two(str s, size_t at, int *out)
{
    if (s.p[at] < '0' || s.p[at] > '9' || s.p[at + 1] < '0' || s.p[at + 1] > '9')
        return false;
    *out = (s.p[at] - '0') * 10 + (s.p[at + 1] - '0');
    return true;
}

bool sheet_part_date(str s, int64_t *days)
{
    int century, year, month, day;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !two(s, 0, &century) || !two(s, 2, &year) || !two(s, 5, &month) || !two(s, 8, &day))
        return false;
    year += century * 100;
    if (year < 1901 || !day_valid(year, month, day))
        return false;
    *days = day_from_civil(year, month, day);
    return true;
}

bool sheet_part_moment(str s, int64_t *days, int64_t *ms)
{
    int hour, minute, second, tens = 0, last = 0;
    bool parts = s.n == 23 && s.p[19] == '.' && two(s, 20, &tens) && s.p[22] >= '0' && s.p[22] <= '9';
    if ((s.n != 19 && !parts) || s.p[10] != 'T' || s.p[13] != ':' || s.p[16] != ':' || !two(s, 11, &hour) || !two(s, 14, &minute) || !two(s, 17, &second)
        || hour > 23 || minute > 59 || second > 59)
        return false;
    last = parts ? s.p[22] - '0' : 0;
    *ms = ((hour * INT64_C(60) + minute) * 60 + second) * 1000 + tens * 10 + last;
    return sheet_part_date(str_sub(s, 0, 10), days);
}

/* Names of sheets: at most 31 characters, none of []:*?/\ . */
static str clean_name(arena *a, str name)
{
    buf b = buf_in(a);
    name = utf8_cut_chars(str_trim(name), 28);
    for (size_t i = 0; i < name.n; i++)
        buf_byte(&b, (unsigned char)name.p[i] < ' ' || strchr("[]:*?/\\'", name.p[i]) != NULL ? '_' : name.p[i]);
    return b.n > 0 ? buf_str(&b) : S("table");
}

static bool flush(ctx *c, sheet_writer *w, bool all)
{
    if (w->b.n < FLUSH_BYTES && !all)
        return true;
    if (!buf_fits(&w->b))
        return fail(c, TOO_LARGE, "a row has more than %zu bytes", w->b.max);
    bool ok = zip_write_add(c, w->zip, buf_str(&w->b));
    w->b.n = 0;
    return ok;
}

static const sheet_maker *maker_of(sheet_format f)
{
    return f == SHEET_XLSX ? &sheet_xlsx_maker : &sheet_ods_maker;
}

static bool begin_sheet(ctx *c, sheet_writer *w)
{
    w->sheets++;
    w->rows = 0;
    w->at_start = w->written;
    if (!w->make->begin(c, w))
        return false;
    w->make->header(w);
    w->rows = 1;
    return true;
}

bool sheet_write_open(ctx *c, sheet_format f, byte_out out, str name, const sheet_column *cols, size_t n, sheet_writer **to)
{
    *to = NULL;
    if (n > SHEET_COLS_MAX)
        return fail(c, TOO_LARGE, "a sheet holds at most %d columns, the table has %zu: take CSV", SHEET_COLS_MAX, n);
    sheet_writer *w = mem_get(sizeof *w);
    w->own = arena_new(4096);
    w->make = maker_of(f);
    w->zip = zip_write_new(out, 1);
    w->name = clean_name(w->own, name);
    w->cols = cols;
    w->col_count = n;
    w->b = buf_in(w->own);
    *to = w;
    return w->make->open(c, w) && begin_sheet(c, w);
}

bool sheet_write_row(ctx *c, sheet_writer *w, const str *cells)
{
    if (w->rows == SHEET_ROWS_MAX || w->written - w->at_start > BYTES_MAX) {
        if (!w->make->end(c, w) || !begin_sheet(c, w))
            return false;
    }
    size_t before = w->b.n;
    w->make->row(w, cells);
    w->written += w->b.n - before;
    w->rows++;
    return flush(c, w, false);
}

bool sheet_part_flush(ctx *c, sheet_writer *w)
{
    return flush(c, w, true);
}

bool sheet_write_close(ctx *c, sheet_writer *w)
{
    return w->make->end(c, w) && w->make->close(c, w) && zip_write_finish(c, w->zip);
}

void sheet_write_free(sheet_writer *w)
{
    if (w == NULL)
        return;
    zip_write_free(w->zip);
    arena_free(w->own);
    mem_free(w);
}
