#include "kit/search/bits.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define BITS_HAVE_POPCNT 1
#endif

void bits_fill(uint64_t *b, uint32_t n)
{
    size_t words = BITS_WORDS(n);
    if (words == 0)
        return;
    memset(b, 0xff, words * 8);
    if (n % 64 != 0)
        b[words - 1] = (UINT64_C(1) << (n % 64)) - 1;
}

/* The classic sum by halves: no table, no special instruction. */
static uint32_t count_word(uint64_t w)
{
    w -= w >> 1 & 0x5555555555555555u;
    w = (w & 0x3333333333333333u) + (w >> 2 & 0x3333333333333333u);
    w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (uint32_t)(w * 0x0101010101010101u >> 56);
}

uint32_t bits_count_and_plain(const uint64_t *x, const uint64_t *y, size_t words)
{
    uint32_t n = 0;
    for (size_t i = 0; i < words; i++)
        n += count_word(x[i] & y[i]);
    return n;
}

#ifdef BITS_HAVE_POPCNT
__attribute__((target("popcnt"))) static uint32_t count_and_popcnt(const uint64_t *x, const uint64_t *y, size_t words)
{
    /* Four sums, so that one count need not wait for the one before. */
    uint64_t n[4] = { 0 };
    size_t i = 0;
    for (; i + 4 <= words; i += 4)
        for (size_t k = 0; k < 4; k++)
            n[k] += (uint64_t)__builtin_popcountll(x[i + k] & y[i + k]);
    for (; i < words; i++)
        n[0] += (uint64_t)__builtin_popcountll(x[i] & y[i]);
    return (uint32_t)(n[0] + n[1] + n[2] + n[3]);
}
#endif

uint32_t bits_count_and(const uint64_t *x, const uint64_t *y, size_t words)
{
#ifdef BITS_HAVE_POPCNT
    if (__builtin_cpu_supports("popcnt"))
        return count_and_popcnt(x, y, words);
#endif
    return bits_count_and_plain(x, y, words);
}

uint32_t bits_count(const uint64_t *b, size_t words)
{
    return bits_count_and(b, b, words);
}

uint32_t bits_list(const uint64_t *b, size_t words, uint32_t *out)
{
    uint32_t n = 0;
    for (size_t i = 0; i < words; i++)
        for (uint64_t w = b[i]; w != 0; w &= w - 1)
            out[n++] = (uint32_t)(i * 64 + (size_t)__builtin_ctzll(w));
    return n;
}
