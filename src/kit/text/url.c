#include "kit/text/url.h"

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool has_control(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return true;
    return false;
}

static bool parse_scheme(str s, str *scheme, str *rest)
{
    size_t at = str_find_byte(s, ':');
    if (at == 0 || at == s.n || !is_alpha(s.p[0]))
        return false;
    for (size_t i = 1; i < at; i++)
        if (!is_alpha(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '+' && s.p[i] != '-' && s.p[i] != '.')
            return false;
    *scheme = str_sub(s, 0, at);
    *rest = str_from(s, at + 1);
    return str_starts(*rest, S("//"));
}

/* user@host:port, [v6]:port. What stands before the last @ is the user. */
static bool parse_authority(str s, url *u)
{
    size_t at = str_rfind_byte(s, '@');
    if (at < s.n) {
        u->user = str_sub(s, 0, at);
        s = str_from(s, at + 1);
    }
    size_t colon = str_find_byte(s, ':');
    if (str_starts(s, S("["))) {
        size_t close = str_find_byte(s, ']');
        if (close == s.n || (close + 1 < s.n && s.p[close + 1] != ':'))
            return false;
        colon = close + 1;
    }
    u->host = str_sub(s, 0, colon);
    str port = colon < s.n ? str_from(s, colon + 1) : (str){ 0 };
    int64_t n = 0;
    if (port.n > 0 && (port.n > 5 || !is_digit(port.p[0]) || !str_to_i64(port, &n) || n < 1 || n > 65535))
        return false;
    u->port = (int)n;
    for (size_t i = 0; i < u->host.n; i++)
        if (strchr(" \"<>\\^`{|}%", u->host.p[i]) != NULL)
            return false;
    return u->host.n > 0;
}

bool url_parse(str s, url *out)
{
    url u = { 0 };
    str rest;
    s = str_trim(s);
    if (has_control(s) || !parse_scheme(s, &u.scheme, &rest))
        return false;
    rest = str_from(rest, 2);
    size_t end = 0;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#')
        end++;
    if (!parse_authority(str_sub(rest, 0, end), &u))
        return false;
    rest = str_from(rest, end);
    size_t hash = str_find_byte(rest, '#');
    u.fragment = str_from(rest, hash + 1);
    rest = str_sub(rest, 0, hash);
    size_t ask = str_find_byte(rest, '?');
    u.query = str_from(rest, ask + 1);
    u.path = str_sub(rest, 0, ask);
    *out = u;
    return true;
}

static void encode_byte(buf *o, unsigned char c)
{
    buf_byte(o, '%');
    buf_byte(o, "0123456789ABCDEF"[c >> 4]);
    buf_byte(o, "0123456789ABCDEF"[c & 15]);
}

static bool is_unreserved(char c)
{
    return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void url_encode(buf *o, str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_unreserved(s.p[i]))
            buf_byte(o, s.p[i]);
        else
            encode_byte(o, (unsigned char)s.p[i]);
}

void url_encode_path(buf *o, str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_unreserved(s.p[i]) || s.p[i] == '/')
            buf_byte(o, s.p[i]);
        else
            encode_byte(o, (unsigned char)s.p[i]);
}

str url_encoded(arena *a, str s)
{
    buf b = buf_in(a);
    url_encode(&b, s);
    return buf_str(&b);
}

bool url_decode(arena *a, str s, bool plus_is_blank, str *out)
{
    size_t first = 0;
    while (first < s.n && s.p[first] != '%' && s.p[first] != 0 && !(plus_is_blank && s.p[first] == '+'))
        first++;
    if (first == s.n) {
        *out = s;
        return true;
    }
    char *p = arena_get(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int hi = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
            int lo = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return false;
            c = (char)(hi << 4 | lo);
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        if (c == 0)
            return false;
        p[n++] = c;
    }
    *out = (str){ p, n };
    return true;
}

static bool decode_part(ctx *c, str raw, str *out)
{
    if (!url_decode(c->a, raw, true, out))
        return fail(c, INVALID, "the query holds a %% that is not followed by two hexadecimal digits, or a NUL");
    if (!utf8_valid(*out, NULL))
        return fail(c, INVALID, "the query is not valid UTF-8 after decoding");
    return true;
}

bool url_query(ctx *c, str query, size_t max_pairs, url_pairs *out)
{
    str part;
    while (str_next(&query, '&', &part)) {
        if (part.n == 0)
            continue;
        if (out->n == max_pairs)
            return fail(c, TOO_LARGE, "the query has more than %zu parameters", max_pairs);
        str raw_name, raw_value;
        url_pair p;
        (void)str_cut(part, S("="), &raw_name, &raw_value);
        if (!decode_part(c, raw_name, &p.name) || !decode_part(c, raw_value, &p.value))
            return false;
        list_add(c->a, out, p);
    }
    return true;
}

str url_arg(const url_pairs *p, const char *name)
{
    str want = str_of(name);
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i].name, want))
            return p->v[i].value;
    return (str){ 0 };
}

static bool stays_raw(str s, size_t i)
{
    char c = s.p[i];
    if (c == '%')
        return i + 2 < s.n && hex_value(s.p[i + 1]) >= 0 && hex_value(s.p[i + 2]) >= 0;
    return is_unreserved(c) || strchr(":/?#[]@!$&'()*+,;=", c) != NULL;
}

str url_safe(arena *a, str s)
{
    buf b = buf_in(a);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != 0 && stays_raw(s, i))
            buf_byte(&b, s.p[i]);
        else
            encode_byte(&b, (unsigned char)s.p[i]);
    return buf_str(&b);
}

/* scheme://user:password@… that is no valid address: what stands before the last @ is not shown. */
static str without_user(arena *a, str s)
{
    size_t at = str_rfind_byte(s, '@'), start = str_find(s, S("://"));
    if (at == s.n || start == s.n)
        return s;
    return str_cat(a, str_sub(s, 0, start + 3), str_from(s, at + 1));
}

str url_for_log(arena *a, str s)
{
    url u;
    if (!url_parse(s, &u)) {
        s = str_sub(s, 0, str_find_byte(s, '?'));
        return without_user(a, str_sub(s, 0, str_find_byte(s, '#')));
    }
    if (u.port > 0)
        return str_fmt(a, "%.*s://%.*s:%d%.*s", S_ARG(u.scheme), S_ARG(u.host), u.port, S_ARG(u.path));
    return str_fmt(a, "%.*s://%.*s%.*s", S_ARG(u.scheme), S_ARG(u.host), S_ARG(u.path));
}

str url_hide_keys(arena *a, str text)
{
    buf b = buf_in(a);
    bool web = false;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char ch = (unsigned char)text.p[i];
        str rest = str_from(text, i);
        if (str_starts(rest, S("http://")) || str_starts(rest, S("https://")))
            web = true;
        else if (ch <= ' ' || ch == '"' || ch == '\'')
            web = false;
        buf_byte(&b, text.p[i]);
        if (!web || (ch != '?' && ch != '#'))
            continue;
        buf_add(&b, S("…"));
        while (i + 1 < text.n && (unsigned char)text.p[i + 1] > ' ' && text.p[i + 1] != '"' && text.p[i + 1] != '\'')
            i++;
        web = false;
    }
    return buf_str(&b);
}

bool url_is_web(str s)
{
    url u;
    return url_parse(s, &u) && (str_ieq(u.scheme, S("http")) || str_ieq(u.scheme, S("https")));
}
