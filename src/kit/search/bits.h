/* bits — sets of document numbers as bit maps; counting uses the processor's
 * population count where there is one. The plain path gives the same numbers
 * (search_test.c holds them equal). */
#ifndef BITS_H
#define BITS_H
#include "base.h"

#define BITS_WORDS(n) (((size_t)(n) + 63) / 64)

static inline bool bits_has(const uint64_t *b, uint32_t i)
{
    return (b[i >> 6] >> (i & 63) & 1) != 0;
}
static inline void bits_put(uint64_t *b, uint32_t i)
{
    b[i >> 6] |= UINT64_C(1) << (i & 63);
}
static inline void bits_drop(uint64_t *b, uint32_t i)
{
    b[i >> 6] &= ~(UINT64_C(1) << (i & 63));
}
void     bits_fill(uint64_t *b, uint32_t n);                                /* the first n, and none behind them */
uint32_t bits_count(const uint64_t *b, size_t words);
uint32_t bits_count_and(const uint64_t *x, const uint64_t *y, size_t words);
uint32_t bits_list(const uint64_t *b, size_t words, uint32_t *out);         /* their numbers, rising */

/* The two ways of counting, for the test. */
uint32_t bits_count_and_plain(const uint64_t *x, const uint64_t *y, size_t words);
#endif
