/* A short text in a long one: candidates are places where two bytes of the
 * needle fit, 32 places at a time; only those are compared. The two are chosen to
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

__attribute__((target("avx2"))) static size_t find_fast(str hay, size_t from, str needle, bool fold)
{
    size_t x, y, end = hay.n - needle.n + 1;
    choose(needle, &x, &y);
    bool fold_x = fold && needle.p[x] >= 'a' && needle.p[x] <= 'z', fold_y = fold && needle.p[y] >= 'a' && needle.p[y] <= 'z';
    const __m256i wx = _mm256_set1_epi8(needle.p[x]), wy = _mm256_set1_epi8(needle.p[y]);
    const __m256i bx = _mm256_set1_epi8(fold_x ? 0x20 : 0), by = _mm256_set1_epi8(fold_y ? 0x20 : 0);
    for (size_t i = from; i < end; i += 32) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(hay.p + i + x));
        __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(hay.p + i + y));
        a = _mm256_cmpeq_epi8(_mm256_or_si256(a, bx), wx);
        b = _mm256_cmpeq_epi8(_mm256_or_si256(b, by), wy);
        uint32_t m = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(a, b));
        for (; m != 0; m &= m - 1) {
            size_t at = i + (size_t)__builtin_ctz(m);
            if (at < end && same(hay.p + at, needle, fold))
                return at;
        }
    }
    return hay.n;
}

size_t scan_find(str hay, size_t from, str needle, bool fold)
{
    if (needle.n > hay.n || from > hay.n - needle.n)
        return hay.n;
    if (needle.n == 0)
        return from;
    if (!__builtin_cpu_supports("avx2"))
        return scan_find_plain(hay, from, needle, fold);
    return find_fast(hay, from, needle, fold);
}
