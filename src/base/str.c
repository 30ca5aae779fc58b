#include "base.h"

#include <locale.h>
#include <stdlib.h>

str str_of(const char *z)
{
    return (str){ z, z != NULL ? strlen(z) : 0 };
}

int str_cmp(str a, str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int d = n > 0 ? memcmp(a.p, b.p, n) : 0;
    if (d != 0)
        return d;
    return a.n < b.n ? -1 : a.n > b.n;
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_ieq(str a, str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

bool str_starts(str s, str with)
{
    return s.n >= with.n && str_eq((str){ s.p, with.n }, with);
}

bool str_ends(str s, str with)
{
    return s.n >= with.n && str_eq(str_from(s, s.n - with.n), with);
}

size_t str_find(str s, str part)
{
    if (part.n == 0)
        return 0;
    if (s.n < part.n)
        return s.n;
    const char *hit = memmem(s.p, s.n, part.p, part.n);
    return hit != NULL ? (size_t)(hit - s.p) : s.n;
}

bool str_has(str s, str part)
{
    return part.n == 0 || str_find(s, part) < s.n;
}

size_t str_find_byte(str s, char c)
{
    const char *hit = s.n > 0 ? memchr(s.p, c, s.n) : NULL;
    return hit != NULL ? (size_t)(hit - s.p) : s.n;
}

size_t str_rfind_byte(str s, char c)
{
    const char *hit = s.n > 0 ? memrchr(s.p, c, s.n) : NULL;
    return hit != NULL ? (size_t)(hit - s.p) : s.n;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

str str_trim(str s)
{
    for (;;) {
        if (s.n > 0 && is_blank(s.p[0]))
            s = str_from(s, 1);
        else if (str_starts(s, S("\xe3\x80\x80")))
            s = str_from(s, 3);
        else
            break;
    }
    for (;;) {
        if (s.n > 0 && is_blank(s.p[s.n - 1]))
            s.n--;
        else if (str_ends(s, S("\xe3\x80\x80")))
            s.n -= 3;
        else
            break;
    }
    return s;
}

bool str_cut(str s, str sep, str *before, str *after)
{
    size_t at = str_find(s, sep);
    bool found = at < s.n;
    *before = str_sub(s, 0, at);
    *after = found ? str_from(s, at + sep.n) : (str){ 0 };
    return found;
}

bool str_next(str *rest, char sep, str *part)
{
    if (rest->p == NULL)
        return false;
    size_t at = str_find_byte(*rest, sep);
    *part = str_sub(*rest, 0, at);
    *rest = at < rest->n ? str_from(*rest, at + 1) : (str){ 0 };
    return true;
}

uint64_t str_hash(str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ (h >> 32);
}

/* Room for a copy, with its NUL; zeroing it first would cost as much as copying. */
static char *copy_of(arena *a, size_t n)
{
    char *p = arena_grow_raw(a, NULL, 0, n + 1);
    p[n] = 0;
    return p;
}

char *str_z(arena *a, str s)
{
    char *p = copy_of(a, s.n);
    if (s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

str str_dup(arena *a, str s)
{
    return (str){ str_z(a, s), s.n };
}

str str_cat(arena *a, str x, str y)
{
    char *p = copy_of(a, x.n + y.n);
    if (x.n > 0)
        memcpy(p, x.p, x.n);
    if (y.n > 0)
        memcpy(p + x.n, y.p, y.n);
    return (str){ p, x.n + y.n };
}

str str_lower(arena *a, str s)
{
    char *p = str_z(a, s);
    for (size_t i = 0; i < s.n; i++)
        p[i] = ascii_lower(p[i]);
    return (str){ p, s.n };
}

str str_replace(arena *a, str s, str from, str to)
{
    if (from.n == 0 || !str_has(s, from))
        return s;
    buf b = buf_in(a);
    while (s.n > 0) {
        size_t at = str_find(s, from);
        buf_add(&b, str_sub(s, 0, at));
        if (at == s.n)
            break;
        buf_add(&b, to);
        s = str_from(s, at + from.n);
    }
    return buf_str(&b);
}

str str_join(arena *a, const str_list *l, str sep)
{
    buf b = buf_in(a);
    for (size_t i = 0; i < l->n; i++) {
        if (i > 0)
            buf_add(&b, sep);
        buf_add(&b, l->v[i]);
    }
    return buf_str(&b);
}

bool str_to_i64(str s, int64_t *out)
{
    bool minus = s.n > 0 && s.p[0] == '-';
    size_t i = s.n > 0 && (minus || s.p[0] == '+') ? 1 : 0;
    if (i == s.n)
        return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        int d = s.p[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, d, &v))
            return false;
    }
    if (!minus && v == INT64_MIN)
        return false;
    *out = minus ? v : -v;
    return true;
}

bool str_to_f64(str s, double *out)
{
    char tmp[64];
    if (s.n == 0 || s.n >= sizeof tmp)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && memchr("+-.eE", s.p[i], 5) == NULL)
            return false;
    memcpy(tmp, s.p, s.n);
    tmp[s.n] = 0;
    char *end;
    double v = strtod(tmp, &end); /* the process never leaves the C locale for numbers */
    if (*end != 0 || end == tmp || !__builtin_isfinite(v))
        return false;
    *out = v;
    return true;
}

str str_fill(arena *a, str text, const str_arg *args, size_t n)
{
    buf b = buf_in(a);
    while (text.n > 0) {
        size_t at = str_find_byte(text, '{');
        buf_add(&b, str_sub(text, 0, at));
        text = str_from(text, at);
        size_t end = str_find_byte(text, '}');
        if (end == text.n)
            break;
        str name = str_sub(text, 1, end);
        size_t i = 0;
        while (i < n && !str_eq(name, str_of(args[i].name)))
            i++;
        buf_add(&b, i < n ? args[i].value : str_sub(text, 0, end + 1));
        text = str_from(text, end + 1);
    }
    buf_add(&b, text);
    return buf_str(&b);
}
