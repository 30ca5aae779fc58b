/* XML as CKAN dumps it: <row _id="1"> with an element a column; what is missing is xsi:nil. */
#include "kit/export/export_inside.h"

/* Escaped, and without what XML 1.0 cannot hold. */
static void put_text(buf *o, str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t code = utf8_next(s, &i);
        str instead = code == '&' ? S("&amp;") : code == '<' ? S("&lt;") : code == '>' ? S("&gt;") : code == '"' ? S("&quot;")
                    : code == '\r' ? S("&#13;") : (str){ 0 };
        bool out = code == UTF8_BAD || (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0xfffe || code == 0xffff;
        if (instead.p == NULL && !out)
            continue;
        buf_add(o, str_sub(s, from, at));
        buf_add(o, out ? S("\xef\xbf\xbd") : instead);
        from = i;
    }
    buf_add(o, str_from(s, from));
}

static void cell(const export *e, const export_column *k, buf *o, str s, bool is_text)
{
    (void)e;
    (void)is_text;
    buf_add(o, k->before);
    if (s.p == NULL) {
        buf_add(o, S(" xsi:nil=\"true\"/>"));
        return;
    }
    buf_byte(o, '>');
    put_text(o, s);
    buf_add(o, k->after);
}

static void head(export *e, buf *o)
{
    (void)e;
    buf_add(o, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<data xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"));
}

static void row(export *e, buf *o, uint32_t r)
{
    buf_add(o, S("<row _id=\""));
    buf_i64(o, (int64_t)r + 1);
    buf_add(o, S("\">"));
    for (size_t i = 0; i < e->p.col_count; i++)
        if (e->cols[i].col != EXPORT_ROW)
            export_put(e, &e->cols[i], o, r);
    buf_add(o, S("</row>\n"));
}

static void foot(export *e, buf *o)
{
    (void)e;
    buf_add(o, S("</data>\n"));
}

const export_form export_xml_form = { head, row, foot, cell };
