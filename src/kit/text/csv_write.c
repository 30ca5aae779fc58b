#include "kit/text/csv_write.h"

csv_w csv_to(buf *o)
{
    buf_add(o, S("\xef\xbb\xbf"));
    return (csv_w){ .o = o };
}

static void next_cell(csv_w *t)
{
    if (t->inside)
        buf_byte(t->o, ',');
    t->inside = true;
}

static bool needs_quotes(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r')
            return true;
    return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

void csv_str(csv_w *t, str s)
{
    next_cell(t);
    if (!needs_quotes(s)) {
        buf_add(t->o, s);
        return;
    }
    buf_byte(t->o, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_byte(t->o, '"');
        buf_byte(t->o, s.p[i]);
    }
    buf_byte(t->o, '"');
}

void csv_int(csv_w *t, int64_t v)
{
    next_cell(t);
    buf_i64(t->o, v);
}

void csv_none(csv_w *t)
{
    next_cell(t);
}

void csv_row(csv_w *t)
{
    buf_add(t->o, S("\r\n"));
    t->inside = false;
}
