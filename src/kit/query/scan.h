/* scan — the innermost loops: a column's entries against a range or a set, as
 * bits of rows. AVX2 where the processor has it, else a plain path that
 * scan_test.c holds equal. Arrays may be read 64 bytes beyond their end, as
 * column_file promises; bits behind the last row are zero. */
#ifndef SCAN_H
#define SCAN_H
#include "base.h"

#define SCAN_WORDS(rows) (((size_t)(rows) + 63) / 64)

/* lo <= entry <= lo + span, unsigned, entries of width 1, 2, 4 or 8 (of 8: modulo 2^64, as signed keys want it).
 * `add`: into bits that are there, else they are written. */
void scan_range(const void *data, unsigned width, size_t rows, uint64_t lo, uint64_t span, bool add, uint64_t *bits);
/* wanted[entry] != 0; entries of width 1, 2 or 4, each below the length of wanted. */
void scan_set(const void *data, unsigned width, size_t rows, const uint8_t *wanted, bool add, uint64_t *bits);

uint64_t scan_count(const uint64_t *bits, size_t words);
void     scan_all(uint64_t *bits, size_t rows);                 /* the first `rows`, none behind */
void     scan_and(uint64_t *bits, const uint64_t *with, size_t words);
void     scan_or(uint64_t *bits, const uint64_t *with, size_t words);
void     scan_not(uint64_t *bits, size_t rows);

void     scan_range_plain(const void *data, unsigned width, size_t rows, uint64_t lo, uint64_t span, bool add, uint64_t *bits);

/* Places of a needle (of a byte at least) in hay from *from on, in order and at most so many; *from is where the next search goes
 * on. Fewer than `most`: there are no more. fold: A–Z count as a–z, and the needle is given in lower case. Hay may be read 64
 * bytes beyond its end. */
size_t scan_find(str hay, size_t *from, str needle, bool fold, size_t *places, size_t most);
size_t scan_find_plain(str hay, size_t from, str needle, bool fold);    /* the next one; hay.n: none */

static inline bool scan_has(const uint64_t *bits, uint64_t row)
{
    return (bits[row >> 6] >> (row & 63) & 1) != 0;
}
static inline void scan_put(uint64_t *bits, uint64_t row)
{
    bits[row >> 6] |= UINT64_C(1) << (row & 63);
}
#endif
