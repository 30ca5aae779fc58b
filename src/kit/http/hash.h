/* hash — keyed hashing for tables that strangers can fill (cache, rate). */
#ifndef HASH_H
#define HASH_H
#include "base.h"

#include <sys/random.h>

static inline uint64_t hash_key(void)
{
    uint64_t k = 0;
    must(getrandom(&k, sizeof k, 0) == (ssize_t)sizeof k);
    return k;
}

static inline uint64_t hash_of(uint64_t key, str s)
{
    uint64_t h = key ^ s.n;
    while (s.n > 0) {
        uint64_t w = 0;
        size_t n = s.n < 8 ? s.n : 8;
        memcpy(&w, s.p, n);
        h = (h ^ w) * 0x9fb21c651e98df25u;
        h ^= h >> 32;
        s = str_from(s, n);
    }
    h *= 0x9e3779b97f4a7c15u;
    return h ^ (h >> 29);
}
#endif
