/* A short text in a long one: candidates are places where two bytes of the
 * needle fit, 64 places at a time; only those are compared. The two are chosen to
 * tell much: in UTF-8 the last byte of a Chinese character, not its first. The
 * last load begins before the end of hay and so stays within 64 bytes of it. */
#include "kit/query/scan.h"

#include <immintrin.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same(const char *p, str needle, bool fold)
{
    if (!fold)
        return memcmp(p, needle.p, needle.n) == 0;
    for (size_t i = 0; i < needle.n; i++)
        if (lower(p[i]) != needle.p[i])
            return false;
    return true;
}

size_t scan_find_plain(str hay, size_t from, str needle, bool fold)
{
    for (size_t i = from; needle.n <= hay.n && i <= hay.n - needle.n; i++)
        if (same(hay.p + i, needle, fold))
            return i;
    return hay.n;
}

static void choose(str needle, size_t *x, size_t *y)
{
    *y = needle.n - 1;
    *x = 0;
    if (needle.n >= 3 && (unsigned char)needle.p[0] >= 0xe0)
        *x = *y == 2 ? 1 : 2; /* the last byte of the first character */
}

/* What is the same for all places of one search. */
typedef struct {
    str      needle;
    bool     fold;          /* the needle has letters that may be written large */
    size_t   x, y;          /* the two bytes */
    uint64_t mask, want;    /* the first 8 bytes of the needle, as a number; mask 0: they have to be folded */
} search;

static search search_for(str needle, bool fold)
{
    search s = { .needle = needle };
    for (size_t i = 0; fold && i < needle.n; i++)
        s.fold = s.fold || (needle.p[i] >= 'a' && needle.p[i] <= 'z');
    choose(needle, &s.x, &s.y);
    if (!s.fold) {
        s.mask = needle.n < 8 ? (UINT64_C(1) << 8 * needle.n) - 1 : UINT64_MAX;
        memcpy(&s.want, needle.p, needle.n < 8 ? needle.n : 8);
    }
    return s;
}

/* Eight bytes can be read at p. */
static bool stands_at(const search *s, const char *p)
{
    uint64_t word;
    if (s->mask == 0)
        return same(p, s->needle, true);
    memcpy(&word, p, 8);
    return (word & s->mask) == s->want && (s->needle.n <= 8 || memcmp(p + 8, s->needle.p + 8, s->needle.n - 8) == 0);
}

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i load(const char *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

AVX2 static inline __m256i fold_of(const search *s, size_t i)
{
    return _mm256_set1_epi8(s->fold && s->needle.p[i] >= 'a' && s->needle.p[i] <= 'z' ? 0x20 : 0);
}

/* 32 places at p, by both bytes. */
AVX2 static inline uint32_t fits(const search *s, const char *p, __m256i wx, __m256i wy, __m256i fx, __m256i fy)
{
    __m256i a = load(p + s->x), b = load(p + s->y);
    if (s->fold) {
        a = _mm256_or_si256(a, fx);
        b = _mm256_or_si256(b, fy);
    }
    return (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpeq_epi8(a, wx), _mm256_cmpeq_epi8(b, wy)));
}

#define WORDS 64        /* 64 places each, looked at together: which words have candidates is told without a branch */

AVX2 static inline __attribute__((always_inline)) size_t find_any(str hay, size_t *from, const search *s, size_t *places, size_t most)
{
    const size_t end = hay.n - s->needle.n + 1;
    const __m256i wx = _mm256_set1_epi8(s->needle.p[s->x]), wy = _mm256_set1_epi8(s->needle.p[s->y]), fx = fold_of(s, s->x), fy = fold_of(s, s->y);
    size_t n = 0;
    for (size_t start = *from; start < end; start += WORDS * 64) {
        struct { uint64_t m; size_t at; } some[WORDS + 1];
        size_t words = (end - start + 63) / 64 < WORDS ? (end - start + 63) / 64 : WORDS, count = 0;
        for (size_t w = 0; w < words; w++) {
            const char *p = hay.p + start + w * 64;
            uint64_t m = (uint64_t)fits(s, p + 32, wx, wy, fx, fy) << 32 | fits(s, p, wx, wy, fx, fy);
            some[count].m = m;
            some[count].at = start + w * 64;
            count += m != 0;
        }
        for (size_t k = 0; k < count; k++)
            for (uint64_t m = some[k].m; m != 0; m &= m - 1) {
                size_t at = some[k].at + (size_t)__builtin_ctzll(m);
                if (at >= end || !stands_at(s, hay.p + at))
                    continue;
                places[n++] = at;
                if (n == most) {
                    *from = at + 1;
                    return n;
                }
            }
    }
    *from = hay.n;
    return n;
}

AVX2 static size_t find_plainly(str hay, size_t *from, const search *s, size_t *places, size_t most)
{
    search t = *s;
    t.fold = false;
    return find_any(hay, from, &t, places, most);
}

AVX2 static size_t find_folded(str hay, size_t *from, const search *s, size_t *places, size_t most)
{
    search t = *s;
    t.fold = true;
    return find_any(hay, from, &t, places, most);
}

size_t scan_find(str hay, size_t *from, str needle, bool fold, size_t *places, size_t most)
{
    size_t n = 0;
    must(needle.n > 0);
    if (needle.n > hay.n || *from > hay.n - needle.n)
        return 0;
    if (__builtin_cpu_supports("avx2")) {
        search s = search_for(needle, fold);
        return s.fold ? find_folded(hay, from, &s, places, most) : find_plainly(hay, from, &s, places, most);
    }
    for (size_t at = *from; n < most && (at = scan_find_plain(hay, at, needle, fold)) < hay.n; *from = ++at)
        places[n++] = at;
    return n;
}
