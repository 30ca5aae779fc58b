#include "kit/search/norm.h"

#include <utf8proc.h>

/* Compatibility forms, composed, folded; what is not to be seen (zero-width
 * blanks, soft hyphens) is left out. */
#define FORM (UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

norm_class norm_class_far(uint32_t code)
{
    if (utf8_is_cjk(code))
        return NORM_CJK;
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)code);
    if (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_ME)      /* letters and marks */
        return NORM_LETTER;
    return k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO ? NORM_DIGIT : NORM_OTHER;
}

/* Characters that no neighbour and no rule changes, or only as said here. */
static uint16_t quick_form(uint32_t c)
{
    if (c == '\n')
        return '\n';
    if (c < ' ' || c == 127 || c == 0x3000)
        return ' ';
    if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0;
    if (c < 127)
        return (uint16_t)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    bool same = (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x3041 && c <= 0x3096)
        || (c >= 0x30a1 && c <= 0x30fa) || (c >= 0x3105 && c <= 0x312f) || (c >= 0x3001 && c <= 0x3011)
        || (c >= 0x3014 && c <= 0x301b) || (c >= 0x2018 && c <= 0x201f) || (c >= 0x2012 && c <= 0x2015)
        || c == 0x2027 || c == 0xb7 || c == 0x2022;
    return same ? (uint16_t)c : 0;
}

static void read_variants(norm *m, str tsv)
{
    for (str line; str_next(&tsv, '\n', &line);) {
        str from, to, rest;
        if (str_starts(line, S("#")) || !str_cut(line, S("\t"), &from, &rest))
            continue;
        (void)str_cut(rest, S("\t"), &to, &rest);
        to = str_trim(to);
        size_t i = 0, k = 0;
        uint32_t a = utf8_next(from, &i), b = utf8_next(to, &k);
        if (i == from.n && k == to.n && a > 127 && a < 65536 && b > 127 && b < 65536)
            m->variant[a] = (uint16_t)b;
    }
}

norm *norm_new(str variants_tsv)
{
    norm *m = mem_get(sizeof *m);
    for (uint32_t c = 0; c < 65536; c++) {
        m->class_of[c] = (uint8_t)norm_class_far(c);
        m->fold[c] = quick_form(c);
    }
    read_variants(m, variants_tsv);
    /* A variant may itself have one: follow, but never in a circle. */
    for (uint32_t c = 128; c < 65536; c++)
        for (int hops = 0; hops < 8 && m->variant[c] != 0 && m->variant[m->variant[c]] != 0
             && m->variant[m->variant[c]] != c; hops++)
            m->variant[c] = m->variant[m->variant[c]];
    for (uint32_t c = 128; c < 65536; c++)
        if (m->variant[c] != 0 && m->fold[c] != 0)
            m->fold[c] = m->variant[c];
    return m;
}

void norm_free(norm *m)
{
    mem_free(m);
}

void norm_text_free(norm_text *t)
{
    mem_free(t->v);
    mem_free(t->slow);
    *t = (norm_text){ 0 };
}

static void text_room(norm_text *t, size_t codes)
{
    if (t->cap >= codes)
        return;
    t->cap = codes + codes / 2 + 64;
    t->v = mem_resize(t->v, t->cap * sizeof *t->v);
}

/* One code point of nearly always valid text; broken bytes become blanks. */
static inline uint32_t next_code(str s, size_t *i)
{
    const unsigned char *p = (const unsigned char *)s.p + *i;
    if (p[0] < 0x80) {
        *i += 1;
        return p[0];
    }
    if (p[0] > 0xe0 && p[0] < 0xed && s.n - *i >= 3 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
        *i += 3;
        return (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63);
    }
    uint32_t c = utf8_next(s, i);
    return c == UTF8_BAD ? ' ' : c;
}

void norm_fold(const norm *m, str text, norm_text *out)
{
    text_room(out, text.n);
    out->n = 0;
    for (size_t i = 0; i < text.n;) {
        uint32_t c = next_code(text, &i);
        uint32_t f = c < 65536 ? m->fold[c] : 0;
        if (f == 0) {
            norm_fold_slow(m, text, out);
            return;
        }
        out->v[out->n++] = f;
    }
}

/* The text as valid UTF-8, since utf8proc refuses anything else. */
static str mended(arena *a, str text)
{
    if (utf8_valid(text, NULL))
        return text;
    buf b = buf_in(a);
    for (size_t i = 0; i < text.n;)
        buf_utf8(&b, next_code(text, &i));
    return buf_str(&b);
}

static utf8proc_ssize_t by_utf8proc(norm_text *out, str text)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text.p;
    utf8proc_ssize_t n = utf8proc_decompose(p, (utf8proc_ssize_t)text.n, out->slow,
                                            (utf8proc_ssize_t)out->slow_cap, FORM);
    if (n > 0 && (size_t)n > out->slow_cap) {
        out->slow_cap = (size_t)n;
        out->slow = mem_resize(out->slow, out->slow_cap * sizeof *out->slow);
        n = utf8proc_decompose(p, (utf8proc_ssize_t)text.n, out->slow, n, FORM);
    }
    return n > 0 ? utf8proc_normalize_utf32(out->slow, n, FORM) : n;
}

void norm_fold_slow(const norm *m, str text, norm_text *out)
{
    arena *scratch = arena_new(text.n + 1024);
    utf8proc_ssize_t n = text.n > 0 ? by_utf8proc(out, mended(scratch, text)) : 0;
    arena_free(scratch);
    out->n = 0;
    text_room(out, n > 0 ? (size_t)n : 0);
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        uint32_t c = (uint32_t)out->slow[i];
        if (c < 65536 && m->variant[c] != 0)
            c = m->variant[c];
        out->v[out->n++] = (c < ' ' && c != '\n') || c == 127 ? ' ' : c;
    }
}
