#include "kit/text/json_write.h"

#include <math.h>

json_w json_to(buf *o)
{
    return (json_w){ .o = o, .first = true };
}

static bool in_array(const json_w *j)
{
    return j->depth > 0 && (j->arrays >> j->depth & 1) != 0;
}

/* Before every value: a comma where one is due; in an object a key must have come. */
static void value(json_w *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    must(j->depth == 0 || in_array(j));
    if (!j->first && j->depth > 0)
        buf_byte(j->o, ',');
    j->first = false;
}

static void open_level(json_w *j, bool array)
{
    value(j);
    must(j->depth + 1 < JSON_DEPTH_MAX);
    j->depth++;
    uint64_t bit = UINT64_C(1) << j->depth;
    j->arrays = array ? j->arrays | bit : j->arrays & ~bit;
    j->first = true;
    buf_byte(j->o, array ? '[' : '{');
}

void json_obj(json_w *j)
{
    open_level(j, false);
}

void json_arr(json_w *j)
{
    open_level(j, true);
}

void json_end(json_w *j)
{
    must(j->depth > 0 && !j->after_key);
    buf_byte(j->o, in_array(j) ? ']' : '}');
    j->depth--;
    j->first = false;
}

void json_key(json_w *j, str key)
{
    must(j->depth > 0 && !in_array(j) && !j->after_key);
    if (!j->first)
        buf_byte(j->o, ',');
    j->first = false;
    json_quote(j->o, key);
    buf_byte(j->o, ':');
    j->after_key = true;
}

static void escape_one(buf *o, unsigned char ch)
{
    switch (ch) {
    case '"':
        buf_add(o, S("\\\""));
        break;
    case '\\':
        buf_add(o, S("\\\\"));
        break;
    case '\n':
        buf_add(o, S("\\n"));
        break;
    case '\r':
        buf_add(o, S("\\r"));
        break;
    case '\t':
        buf_add(o, S("\\t"));
        break;
    default:
        buf_add(o, S("\\u00"));
        buf_hex(o, &ch, 1);
    }
}

/* Goes into a text as it is. Most do, in long runs: one look a byte. */
static bool is_plain(char ch)
{
    static const bool no[256] = { [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, [0x7f ... 0xff] = true };
    return !no[(unsigned char)ch];
}

void json_quote(buf *o, str s)
{
    buf_byte(o, '"');
    size_t from = 0;
    for (size_t i = 0;;) {
        while (i < s.n && is_plain(s.p[i]))
            i++;
        if (i == s.n)
            break;
        unsigned char ch = (unsigned char)s.p[i];
        size_t at = i;
        uint32_t code = ch;
        if (ch < 0x80)
            i++;
        else
            code = utf8_next(s, &i);
        if (ch >= 0x80 && code != UTF8_BAD)
            continue;
        buf_add(o, str_sub(s, from, at));
        if (ch < 0x80)
            escape_one(o, ch);
        else
            buf_add(o, S("\xef\xbf\xbd"));
        from = i;
    }
    buf_add(o, str_from(s, from));
    buf_byte(o, '"');
}

void json_str(json_w *j, str s)
{
    value(j);
    json_quote(j->o, s);
}

void json_str_or_null(json_w *j, str s)
{
    if (s.n > 0)
        json_str(j, s);
    else
        json_null(j);
}

void json_z(json_w *j, const char *s)
{
    json_str(j, str_of(s));
}

void json_int(json_w *j, int64_t v)
{
    value(j);
    buf_i64(j->o, v);
}

void json_size(json_w *j, size_t v)
{
    json_int(j, (int64_t)v);
}

void json_real(json_w *j, double v)
{
    if (!isfinite(v)) {
        json_null(j);
        return;
    }
    value(j);
    buf_f64(j->o, v == 0 ? 0 : v); /* -0 would be read again as 0: one form for one number */
}

void json_bool(json_w *j, bool v)
{
    value(j);
    buf_add(j->o, v ? S("true") : S("false"));
}

void json_null(json_w *j)
{
    value(j);
    buf_add(j->o, S("null"));
}

void json_raw(json_w *j, str valid_json)
{
    value(j);
    buf_add(j->o, valid_json);
}
