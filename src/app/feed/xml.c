#include "app/feed/xml.h"

static bool is_character(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff && c != UTF8_BAD);
}

void xml_put(buf *o, str text)
{
    for (size_t i = 0; i < text.n;) {
        size_t from = i;
        uint32_t c = utf8_next(text, &i);
        switch (c) {
        case '&': buf_add(o, S("&amp;")); break;
        case '<': buf_add(o, S("&lt;")); break;
        case '>': buf_add(o, S("&gt;")); break;
        case '"': buf_add(o, S("&quot;")); break;
        default:
            if (is_character(c))
                buf_add(o, str_sub(text, from, i));
        }
    }
}

void xml_element(buf *o, const char *name, str text)
{
    buf_fmt(o, "<%s>", name);
    xml_put(o, text);
    buf_fmt(o, "</%s>\n", name);
}
