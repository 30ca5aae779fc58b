#include "kit/query/scan.h"

#include <immintrin.h>

/* --- ranges, plain --- */

#define PLAIN(T)                                                                                       \
    static uint64_t plain_##T(const T *d, T lo, T span, unsigned n)                                     \
    {                                                                                                  \
        uint64_t w = 0;                                                                                \
        for (unsigned i = 0; i < n; i++)                                                               \
            w |= (uint64_t)((T)(d[i] - lo) <= span) << i;                                              \
        return w;                                                                                      \
    }
PLAIN(uint8_t)
PLAIN(uint16_t)
PLAIN(uint32_t)
PLAIN(uint64_t)

static uint64_t plain_word(const void *data, unsigned width, size_t at, uint64_t lo, uint64_t span, unsigned n)
{
    switch (width) {
    case 1: return plain_uint8_t((const uint8_t *)data + at, (uint8_t)lo, (uint8_t)span, n);
    case 2: return plain_uint16_t((const uint16_t *)data + at, (uint16_t)lo, (uint16_t)span, n);
    case 4: return plain_uint32_t((const uint32_t *)data + at, (uint32_t)lo, (uint32_t)span, n);
    default: return plain_uint64_t((const uint64_t *)data + at, lo, span, n);
    }
}

static void keep(uint64_t *bits, size_t word, uint64_t w, bool add)
{
    bits[word] = add ? bits[word] | w : w;
}

void scan_range_plain(const void *data, unsigned width, size_t rows, uint64_t lo, uint64_t span, bool add, uint64_t *bits)
{
    for (size_t at = 0; at < rows; at += 64)
        keep(bits, at / 64, plain_word(data, width, at, lo, span, rows - at < 64 ? (unsigned)(rows - at) : 64), add);
}

/* --- ranges, AVX2: entry - lo <= span, as min(entry - lo, span) == entry - lo --- */

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i load(const void *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

AVX2 static void range8(const uint8_t *d, size_t words, uint8_t lo, uint8_t span, bool add, uint64_t *bits)
{
    const __m256i l = _mm256_set1_epi8((char)lo), s = _mm256_set1_epi8((char)span);
    for (size_t w = 0; w < words; w++, d += 64) {
        __m256i a = _mm256_sub_epi8(load(d), l), b = _mm256_sub_epi8(load(d + 32), l);
        uint32_t x = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(a, s), a));
        uint32_t y = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(b, s), b));
        keep(bits, w, (uint64_t)y << 32 | x, add);
    }
}

AVX2 static uint32_t range16_half(const uint16_t *d, __m256i l, __m256i s)
{
    __m256i a = _mm256_sub_epi16(load(d), l), b = _mm256_sub_epi16(load(d + 16), l);
    a = _mm256_cmpeq_epi16(_mm256_min_epu16(a, s), a);
    b = _mm256_cmpeq_epi16(_mm256_min_epu16(b, s), b);
    return (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0xd8));
}

AVX2 static void range16(const uint16_t *d, size_t words, uint16_t lo, uint16_t span, bool add, uint64_t *bits)
{
    const __m256i l = _mm256_set1_epi16((short)lo), s = _mm256_set1_epi16((short)span);
    for (size_t w = 0; w < words; w++, d += 64)
        keep(bits, w, (uint64_t)range16_half(d + 32, l, s) << 32 | range16_half(d, l, s), add);
}

AVX2 static void range32(const uint32_t *d, size_t words, uint32_t lo, uint32_t span, bool add, uint64_t *bits)
{
    const __m256i l = _mm256_set1_epi32((int)lo), s = _mm256_set1_epi32((int)span);
    for (size_t w = 0; w < words; w++, d += 64) {
        uint64_t out = 0;
        for (unsigned i = 0; i < 8; i++) {
            __m256i a = _mm256_sub_epi32(load(d + 8 * i), l);
            a = _mm256_cmpeq_epi32(_mm256_min_epu32(a, s), a);
            out |= (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(a)) << (8 * i);
        }
        keep(bits, w, out, add);
    }
}

AVX2 static void range64(const uint64_t *d, size_t words, uint64_t lo, uint64_t span, bool add, uint64_t *bits)
{
    const __m256i sign = _mm256_set1_epi64x(INT64_MIN);
    const __m256i l = _mm256_set1_epi64x((long long)lo), s = _mm256_xor_si256(_mm256_set1_epi64x((long long)span), sign);
    for (size_t w = 0; w < words; w++, d += 64) {
        uint64_t out = 0;
        for (unsigned i = 0; i < 16; i++) {
            __m256i a = _mm256_xor_si256(_mm256_sub_epi64(load(d + 4 * i), l), sign);
            uint64_t over = (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(a, s)));
            out |= (over ^ 15) << (4 * i);
        }
        keep(bits, w, out, add);
    }
}

void scan_range(const void *data, unsigned width, size_t rows, uint64_t lo, uint64_t span, bool add, uint64_t *bits)
{
    size_t words = rows / 64, done = words * 64;
    uint64_t most = width == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * width)) - 1;
    if (lo > most) { /* no entry is so large */
        if (!add)
            memset(bits, 0, SCAN_WORDS(rows) * 8);
        return;
    }
    if (width < 8 && span > most - lo) /* keys of 8 bytes are signed: their ranges may go past zero, and around */
        span = most - lo;
    if (!__builtin_cpu_supports("avx2")) {
        scan_range_plain(data, width, rows, lo, span, add, bits);
        return;
    }
    if (width == 1)
        range8(data, words, (uint8_t)lo, (uint8_t)span, add, bits);
    else if (width == 2)
        range16(data, words, (uint16_t)lo, (uint16_t)span, add, bits);
    else if (width == 4)
        range32(data, words, (uint32_t)lo, (uint32_t)span, add, bits);
    else
        range64(data, words, lo, span, add, bits);
    if (done < rows)
        keep(bits, words, plain_word(data, width, done, lo, span, (unsigned)(rows - done)), add);
}

/* --- sets --- */

#define SET(T)                                                                                         \
    static void set_##T(const T *d, size_t rows, const uint8_t *wanted, bool add, uint64_t *bits)       \
    {                                                                                                  \
        for (size_t at = 0; at < rows; at += 64) {                                                     \
            unsigned n = rows - at < 64 ? (unsigned)(rows - at) : 64;                                  \
            uint64_t w = 0;                                                                            \
            for (unsigned i = 0; i < n; i++)                                                           \
                w |= (uint64_t)(wanted[d[at + i]] != 0) << i;                                          \
            keep(bits, at / 64, w, add);                                                               \
        }                                                                                              \
    }
SET(uint8_t)
SET(uint16_t)
SET(uint32_t)

void scan_set(const void *data, unsigned width, size_t rows, const uint8_t *wanted, bool add, uint64_t *bits)
{
    if (width == 1)
        set_uint8_t(data, rows, wanted, add, bits);
    else if (width == 2)
        set_uint16_t(data, rows, wanted, add, bits);
    else
        set_uint32_t(data, rows, wanted, add, bits);
}

/* --- bits --- */

__attribute__((target("popcnt"))) static uint64_t count_fast(const uint64_t *b, size_t words)
{
    uint64_t n = 0;
    for (size_t i = 0; i < words; i++)
        n += (uint64_t)__builtin_popcountll(b[i]);
    return n;
}

uint64_t scan_count(const uint64_t *b, size_t words)
{
    uint64_t n = 0;
    if (__builtin_cpu_supports("popcnt"))
        return count_fast(b, words);
    for (size_t i = 0; i < words; i++)
        n += (uint64_t)__builtin_popcountll(b[i]);
    return n;
}

static uint64_t last_word(size_t rows)
{
    return rows % 64 == 0 ? UINT64_MAX : (UINT64_C(1) << rows % 64) - 1;
}

void scan_all(uint64_t *bits, size_t rows)
{
    size_t words = SCAN_WORDS(rows);
    if (words == 0)
        return;
    memset(bits, 0xff, words * 8);
    bits[words - 1] = last_word(rows);
}

void scan_and(uint64_t *bits, const uint64_t *with, size_t words)
{
    for (size_t i = 0; i < words; i++)
        bits[i] &= with[i];
}

void scan_or(uint64_t *bits, const uint64_t *with, size_t words)
{
    for (size_t i = 0; i < words; i++)
        bits[i] |= with[i];
}

void scan_not(uint64_t *bits, size_t rows)
{
    size_t words = SCAN_WORDS(rows);
    for (size_t i = 0; i < words; i++)
        bits[i] = ~bits[i];
    if (words > 0)
        bits[words - 1] &= last_word(rows);
}
