#include "kit/table/csv_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* What 64 bytes hold; nul: whether there is any, not where. */
typedef struct {
    uint64_t sep, quote, lf, cr, nul;
} found;

/* next: the byte behind them. */
static inline void keep(csv_masks *m, size_t i, const found *f, const char *next, const csv_dialect *d)
{
    uint64_t quote = d->quote != 0 ? f->quote : 0;
    uint64_t lone = 0;
    if (f->cr != 0)
        lone = f->cr & ~(f->lf >> 1 | (uint64_t)(*next == '\n') << 63);
    m->newline[i] = f->lf | (d->cr_ends ? lone : 0);
    m->quote[i] = quote;
    m->stop[i] = quote | m->newline[i];
    m->special[i] = f->sep | m->stop[i];
    m->odd |= (f->nul | lone) != 0;
}

static inline found find_plain(const char *p, size_t n, const csv_dialect *d)
{
    found f = { 0 };
    for (size_t i = 0; i < n; i++) {
        uint64_t bit = (uint64_t)1 << i;
        f.sep |= p[i] == d->sep ? bit : 0;
        f.quote |= p[i] == d->quote ? bit : 0;
        f.lf |= p[i] == '\n' ? bit : 0;
        f.cr |= p[i] == '\r' ? bit : 0;
        f.nul |= p[i] == 0 ? bit : 0;
    }
    return f;
}

/* The loop over all words, made once for each way to look at one. The last word may be short: the plain way takes it. */
#define SCAN(find)                                                                                   \
    m->odd = false;                                                                                  \
    size_t whole = n / 64, i = 0;                                                                    \
    for (; i < whole; i++) {                                                                         \
        found f = find(p + i * 64, 64, d);                                                           \
        keep(m, i, &f, i * 64 + 64 < n ? p + i * 64 + 64 : &next, d);                                \
    }                                                                                                \
    if (n % 64 > 0) {                                                                                \
        found f = find_plain(p + i * 64, n % 64, d);                                                 \
        if (next == '\n')                                                                            \
            f.cr &= ~((uint64_t)1 << (n % 64 - 1));                                                  \
        keep(m, i, &f, "", d);                                                                       \
    }

void csv_scan_plain(csv_masks *m, const char *p, size_t n, char next, const csv_dialect *d)
{
    SCAN(find_plain)
}

#if defined(__x86_64__)
static inline found find_sse2(const char *p, size_t n, const csv_dialect *d)
{
    (void)n;
    const __m128i sep = _mm_set1_epi8(d->sep), quote = _mm_set1_epi8(d->quote), lf = _mm_set1_epi8('\n'),
                  cr = _mm_set1_epi8('\r');
    __m128i least = _mm_set1_epi8(-1);
    found f = { 0 };
    for (unsigned at = 0; at < 64; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
        f.sep |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, sep)) << at;
        f.quote |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, quote)) << at;
        f.lf |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, lf)) << at;
        f.cr |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, cr)) << at;
        least = _mm_min_epu8(least, v);
    }
    f.nul = (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(least, _mm_setzero_si128()));
    return f;
}

void csv_scan_sse2(csv_masks *m, const char *p, size_t n, char next, const csv_dialect *d)
{
    SCAN(find_sse2)
}

#define AVX2 __attribute__((target("avx2")))

static inline AVX2 uint64_t equal(__m256i a, __m256i b, __m256i to)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, to))
         | (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, to)) << 32;
}

static inline AVX2 found find_avx2(const char *p, size_t n, const csv_dialect *d)
{
    (void)n;
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    return (found){ .sep = equal(a, b, _mm256_set1_epi8(d->sep)), .quote = equal(a, b, _mm256_set1_epi8(d->quote)),
                    .lf = equal(a, b, _mm256_set1_epi8('\n')), .cr = equal(a, b, _mm256_set1_epi8('\r')),
                    .nul = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(a, b), _mm256_setzero_si256())) };
}

AVX2 void csv_scan_avx2(csv_masks *m, const char *p, size_t n, char next, const csv_dialect *d)
{
    SCAN(find_avx2)
}
#else
void csv_scan_sse2(csv_masks *m, const char *p, size_t n, char next, const csv_dialect *d)
{
    csv_scan_plain(m, p, n, next, d);
}

void csv_scan_avx2(csv_masks *m, const char *p, size_t n, char next, const csv_dialect *d)
{
    csv_scan_plain(m, p, n, next, d);
}
#endif

csv_scan_way *csv_scan_best(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") ? csv_scan_avx2 : csv_scan_sse2;
#else
    return csv_scan_plain;
#endif
}
