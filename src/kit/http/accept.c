#include "kit/http/accept.h"

/* q as thousandths; what is not understood counts as 1, as if absent. */
static int quality(str params)
{
    str part;
    while (str_next(&params, ';', &part)) {
        part = str_trim(part);
        if (part.n < 3 || (part.p[0] != 'q' && part.p[0] != 'Q') || part.p[1] != '=')
            continue;
        str v = str_from(part, 2);
        if (v.p[0] != '0')
            return 1000;
        int q = 0, scale = 100;
        for (size_t i = 2; i < v.n && i < 5 && v.p[1] == '.' && v.p[i] >= '0' && v.p[i] <= '9'; i++, scale /= 10)
            q += (v.p[i] - '0') * scale;
        return q;
    }
    return 1000;
}

/* The next item of a list: its name and its liking. */
static bool next_item(str *list, str *name, int *q)
{
    str item, params;
    if (!str_next(list, ',', &item))
        return false;
    (void)str_cut(item, S(";"), name, &params);
    *name = str_trim(*name);
    *q = quality(params);
    return true;
}

bool accept_json(str accept)
{
    int json = -1, html = -1, text = -1, any = -1, q;
    str name;
    while (next_item(&accept, &name, &q)) {
        if (str_ieq(name, S("application/json")) || str_ieq(name, S("application/ld+json")))
            json = q > json ? q : json;
        else if (str_ieq(name, S("text/html")) || str_ieq(name, S("application/xhtml+xml")))
            html = q > html ? q : html;
        else if (str_eq(name, S("text/*")))
            text = q;
        else if (str_eq(name, S("*/*")))
            any = q;
    }
    if (json <= 0)
        return false;
    if (html >= 0)
        return json > html;
    int other = text >= 0 ? text : any;
    return json >= other;
}

lang_id accept_language(str header)
{
    int zh = -1, en = -1, any = -1, q;
    str name;
    while (next_item(&header, &name, &q)) {
        str primary = str_sub(name, 0, str_find_byte(name, '-'));
        if (str_ieq(primary, S("zh")))
            zh = q > zh ? q : zh;
        else if (str_ieq(primary, S("en")))
            en = q > en ? q : en;
        else if (str_eq(name, S("*")))
            any = q;
    }
    if (zh < 0)
        zh = any;
    return en > 0 && en > zh ? LANG_EN : LANG_ZH_HANT;
}

accept_encoding accept_coding(str header)
{
    int gzip = -1, zstd = -1, any = -1, q;
    str name;
    while (next_item(&header, &name, &q)) {
        if (str_ieq(name, S("gzip")) || str_ieq(name, S("x-gzip")))
            gzip = q;
        else if (str_ieq(name, S("zstd")))
            zstd = q;
        else if (str_eq(name, S("*")))
            any = q;
    }
    if (gzip < 0)
        gzip = any;
    if (zstd > 0 && zstd >= gzip)
        return ACCEPT_ZSTD;
    return gzip > 0 ? ACCEPT_GZIP : ACCEPT_IDENTITY;
}

const char *accept_coding_name(accept_encoding e)
{
    static const char *const names[] = { "identity", "gzip", "zstd" };
    return names[e];
}

static bool digits(str s, int64_t *out)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0 && s.n <= 18 && str_to_i64(s, out);
}

accept_part accept_range(str header, int64_t size, int64_t *from, int64_t *bytes)
{
    str unit, range, first, last;
    if (!str_cut(header, S("="), &unit, &range) || !str_ieq(str_trim(unit), S("bytes"))
        || str_find_byte(range, ',') < range.n || !str_cut(str_trim(range), S("-"), &first, &last))
        return ACCEPT_WHOLE;
    int64_t a, b = size - 1;
    if (first.n == 0) {
        if (!digits(last, &b))
            return ACCEPT_WHOLE;
        if (b == 0 || size == 0)
            return ACCEPT_NO_PART;
        *bytes = b < size ? b : size;
        *from = size - *bytes;
        return ACCEPT_PART;
    }
    if (!digits(first, &a) || (last.n > 0 && !digits(last, &b)) || (last.n > 0 && b < a))
        return ACCEPT_WHOLE;
    if (a >= size)
        return ACCEPT_NO_PART;
    if (b > size - 1)
        b = size - 1;
    *from = a;
    *bytes = b - a + 1;
    return ACCEPT_PART;
}

bool accept_etag(str list, str tag, bool weak_too)
{
    if (weak_too && str_eq(str_trim(list), S("*")))
        return true;
    while (list.n > 0) {
        while (list.n > 0 && (list.p[0] == ' ' || list.p[0] == '\t' || list.p[0] == ','))
            list = str_from(list, 1);
        bool weak = str_starts(list, S("W/"));
        if (weak)
            list = str_from(list, 2);
        if (list.n == 0 || list.p[0] != '"')
            return false;
        size_t end = str_find_byte(str_from(list, 1), '"') + 2;
        if (end > list.n)
            return false;
        if ((weak_too || !weak) && str_eq(str_sub(list, 0, end), tag))
            return true;
        list = str_from(list, end);
    }
    return false;
}
