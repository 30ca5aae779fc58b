#include "kit/table/column_hash.h"

#define P1 UINT64_C(0x9E3779B185EBCA87)
#define P2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define P3 UINT64_C(0x165667B19E3779F9)
#define P4 UINT64_C(0x85EBCA77C2B2AE63)
#define P5 UINT64_C(0x27D4EB2F165667C5)

static inline uint64_t turn(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static inline uint64_t load(const unsigned char *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}

static inline uint64_t mix(uint64_t lane, uint64_t word)
{
    return turn(lane + word * P2, 31) * P1;
}

static inline uint64_t join(uint64_t h, uint64_t lane)
{
    return (h ^ mix(0, lane)) * P1 + P4;
}

uint64_t column_sum(const void *bytes, size_t n)
{
    const unsigned char *p = bytes, *end = p + n;
    uint64_t h = P5;
    if (n >= 32) {
        uint64_t a = P1 + P2, b = P2, c = 0, d = 0 - P1;
        for (; end - p >= 32; p += 32) {
            a = mix(a, load(p));
            b = mix(b, load(p + 8));
            c = mix(c, load(p + 16));
            d = mix(d, load(p + 24));
        }
        h = turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18);
        h = join(join(join(join(h, a), b), c), d);
    }
    h += n;
    for (; end - p >= 8; p += 8)
        h = turn(h ^ mix(0, load(p)), 27) * P1 + P4;
    if (end - p >= 4) {
        uint32_t w;
        memcpy(&w, p, 4);
        h = turn(h ^ w * P1, 23) * P2 + P3;
        p += 4;
    }
    for (; p < end; p++)
        h = turn(h ^ *p * P5, 11) * P1;
    h = (h ^ h >> 33) * P2;
    h = (h ^ h >> 29) * P3;
    return h ^ h >> 32;
}
