#include "base.h"

uint32_t utf8_next(str s, size_t *i)
{
    const unsigned char *p = (const unsigned char *)s.p + *i;
    size_t left = s.n - *i;
    unsigned char a = p[0];
    if (a < 0x80) {
        *i += 1;
        return a;
    }
    if (a >= 0xc2 && a < 0xe0 && left >= 2 && (p[1] & 0xc0) == 0x80) {
        *i += 2;
        return (uint32_t)(a & 0x1f) << 6 | (p[1] & 0x3f);
    }
    if (a >= 0xe0 && a < 0xf0 && left >= 3 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
        uint32_t code = (uint32_t)(a & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
        if (code >= 0x800 && (code < 0xd800 || code > 0xdfff)) {
            *i += 3;
            return code;
        }
    }
    if (a >= 0xf0 && a < 0xf5 && left >= 4 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80
        && (p[3] & 0xc0) == 0x80) {
        uint32_t code = (uint32_t)(a & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12
                      | (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
        if (code >= 0x10000 && code <= 0x10ffff) {
            *i += 4;
            return code;
        }
    }
    *i += 1;
    return UTF8_BAD;
}

bool utf8_valid(str s, size_t *bad_at)
{
    size_t i = 0;
    while (i < s.n) {
        uint64_t w;
        if (s.n - i >= 8 && (memcpy(&w, s.p + i, 8), (w & 0x8080808080808080u) == 0)) {
            i += 8;
            continue;
        }
        size_t at = i;
        if (utf8_next(s, &i) == UTF8_BAD) {
            if (bad_at != NULL)
                *bad_at = at;
            return false;
        }
    }
    return true;
}

str utf8_repair(arena *a, str s)
{
    size_t bad;
    if (utf8_valid(s, &bad))
        return s;
    buf b = buf_in(a);
    buf_add(&b, str_sub(s, 0, bad));
    for (size_t i = bad, at = bad; i < s.n; at = i)
        if (utf8_next(s, &i) == UTF8_BAD)
            buf_add(&b, S("\xef\xbf\xbd"));
        else
            buf_add(&b, str_sub(s, at, i));
    return buf_str(&b);
}

size_t utf8_count(str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

str utf8_cut(str s, size_t max)
{
    if (s.n <= max)
        return s;
    while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
        max--;
    return (str){ s.p, max };
}

str utf8_cut_chars(str s, size_t max)
{
    size_t i = 0;
    for (size_t n = 0; i < s.n && n < max; n++)
        (void)utf8_next(s, &i);
    return (str){ s.p, i };
}

size_t utf8_encode(uint32_t c, char out[4])
{
    if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        c = 0xfffd;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

bool utf8_is_han(uint32_t c)
{
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x20000 && c <= 0x323af) || (c >= 0x2e80 && c <= 0x2fdf) || c == 0x3005 || c == 0x3007;
}

bool utf8_is_cjk(uint32_t c)
{
    return utf8_is_han(c) || (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3100 && c <= 0x312f)
        || (c >= 0x31a0 && c <= 0x31bf) || (c >= 0xac00 && c <= 0xd7af) || (c >= 0x1100 && c <= 0x11ff)
        || (c >= 0xe000 && c <= 0xf8ff);
}

size_t utf8_width(str s)
{
    size_t w = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c = utf8_next(s, &i);
        bool wide = c != UTF8_BAD && (utf8_is_cjk(c) || (c >= 0x3000 && c <= 0x303f) || (c >= 0xff01 && c <= 0xff60));
        w += wide ? 2 : 1;
    }
    return w;
}
