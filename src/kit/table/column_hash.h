/* column_hash — the two hashes of column files, both defined in
 * docs/column-file.md: column_hash64 tells texts apart while building (and its
 * upper bits are the prints by which equal texts are found), column_sum guards
 * blocks of bytes (XXH64 with seed 0, after its public specification). */
#ifndef COLUMN_HASH_H
#define COLUMN_HASH_H
#include "base.h"

uint64_t column_sum(const void *bytes, size_t n);

static inline uint64_t column_hash_word(const char *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}
static inline uint64_t column_hash_fold(uint64_t a, uint64_t b)
{
    __uint128_t r = (__uint128_t)a * b;
    return (uint64_t)r ^ (uint64_t)(r >> 64);
}

#define COLUMN_HASH_1 UINT64_C(0x9e3779b97f4a7c15)
#define COLUMN_HASH_2 UINT64_C(0xd6e8feb86659fd93)
#define COLUMN_HASH_3 UINT64_C(0xa0761d6478bd642f)

/* Words of 8 bytes, little-endian; what is left of up to 16 is read from both of its ends. */
static inline uint64_t column_hash64(str s)
{
    const char *p = s.p;
    size_t n = s.n;
    uint64_t h = COLUMN_HASH_3 ^ n, a = 0, b = 0;
    for (; n > 16; p += 16, n -= 16)
        h = column_hash_fold(column_hash_word(p) ^ COLUMN_HASH_1, column_hash_word(p + 8) ^ h);
    if (n >= 8) {
        a = column_hash_word(p);
        b = column_hash_word(p + n - 8);
    } else if (n >= 4) {
        uint32_t x, y;
        memcpy(&x, p, 4);
        memcpy(&y, p + n - 4, 4);
        a = x;
        b = y;
    } else if (n > 0) {
        a = (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 | (unsigned char)p[n - 1];
    }
    return column_hash_fold(column_hash_fold(a ^ COLUMN_HASH_1, b ^ h) ^ COLUMN_HASH_2, h ^ COLUMN_HASH_1);
}

static inline uint16_t column_print(str s)
{
    return (uint16_t)(column_hash64(s) >> 48);
}
#endif
