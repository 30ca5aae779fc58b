#include "kit/text/utf8_check.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define ALWAYS __attribute__((always_inline)) AVX2

/* Every fault of UTF-8 within two bytes shows in three nibbles: the high and the low one of the first byte and the high
 * one of the second. Each table gives the faults that its nibble allows; a fault is real where all three agree. The
 * method is that of Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte" (2020). */
enum {
    TOO_SHORT = 1,        /* a lead byte and no continuation */
    TOO_LONG = 2,         /* ASCII and a continuation */
    OVERLONG_3 = 4,       /* e0 80..9f */
    TOO_LARGE = 8,        /* f4 90.., f5.. */
    SURROGATE = 16,       /* ed a0..bf */
    OVERLONG_2 = 32,      /* c0, c1 */
    TOO_LARGE_1000 = 64,  /* f5.. 80..8f */
    OVERLONG_4 = 64,      /* f0 80..8f */
    TWO_CONTS = 128,      /* two continuations: right only inside longer characters */
};
#define CARRY (TOO_SHORT | TOO_LONG | TWO_CONTS)
#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
#define BYTE(x) ((char)(unsigned char)(x))

/* Each byte's predecessor `n` places back, over the edge of the 32. */
#define BEFORE(v, last, n) _mm256_alignr_epi8((v), _mm256_permute2x128_si256((last), (v), 0x21), 16 - (n))

static inline ALWAYS __m256i faults_of_pairs(__m256i v, __m256i prev1)
{
    const __m256i low = _mm256_set1_epi8(0x0f);
    const __m256i first_high = TWICE(TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
        BYTE(TWO_CONTS), BYTE(TWO_CONTS), BYTE(TWO_CONTS), BYTE(TWO_CONTS), TOO_SHORT | OVERLONG_2, TOO_SHORT,
        TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4);
    const __m256i first_low = TWICE(BYTE(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), BYTE(CARRY | OVERLONG_2), BYTE(CARRY),
        BYTE(CARRY), BYTE(CARRY | TOO_LARGE), BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000), BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000),
        BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000), BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000), BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000),
        BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000), BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000), BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000),
        BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE), BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000),
        BYTE(CARRY | TOO_LARGE | TOO_LARGE_1000));
    const __m256i second_high = TWICE(TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        BYTE(TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4),
        BYTE(TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE),
        BYTE(TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE),
        BYTE(TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE), TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT);
    __m256i a = _mm256_shuffle_epi8(first_high, _mm256_and_si256(_mm256_srli_epi16(prev1, 4), low));
    __m256i b = _mm256_shuffle_epi8(first_low, _mm256_and_si256(prev1, low));
    __m256i d = _mm256_shuffle_epi8(second_high, _mm256_and_si256(_mm256_srli_epi16(v, 4), low));
    return _mm256_and_si256(_mm256_and_si256(a, b), d);
}

static inline ALWAYS __m256i faults(__m256i v, __m256i last)
{
    __m256i pairs = faults_of_pairs(v, BEFORE(v, last, 1));
    /* Third and fourth bytes: two continuations in a row must be there exactly after e0.. and f0... */
    __m256i third = _mm256_subs_epu8(BEFORE(v, last, 2), _mm256_set1_epi8(BYTE(0xe0 - 0x80)));
    __m256i fourth = _mm256_subs_epu8(BEFORE(v, last, 3), _mm256_set1_epi8(BYTE(0xf0 - 0x80)));
    __m256i must_be = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(BYTE(0x80)));
    return _mm256_xor_si256(pairs, must_be);
}

/* How many bytes, in steps of 32, were seen to be right; the last character of them may not be whole. */
AVX2 static size_t right_avx2(const char *p, size_t n)
{
    __m256i last = _mm256_setzero_si256();
    bool last_ascii = true;
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
        bool ascii = _mm256_movemask_epi8(v) == 0;
        if (!ascii || !last_ascii) {
            __m256i bad = faults(v, last);
            if (!_mm256_testz_si256(bad, bad))
                return i;
        }
        last = v;
        last_ascii = ascii;
    }
    return i;
}
#endif

size_t utf8_check_tail(str s)
{
    for (size_t back = 1; back <= 3 && back <= s.n; back++) {
        unsigned char a = (unsigned char)s.p[s.n - back];
        if ((a & 0xc0) == 0x80)
            continue;
        size_t need = a >= 0xf0 ? 4 : a >= 0xe0 ? 3 : a >= 0xc2 ? 2 : 1;
        return need > back && a < 0xf5 ? back : 0;
    }
    return 0;
}

bool utf8_check(str s, size_t *bad_at)
{
    size_t from = 0;
#if defined(__x86_64__)
    if (s.n >= 64 && __builtin_cpu_supports("avx2"))
        from = right_avx2(s.p, s.n);
#endif
    /* The plain path finds the place of a fault and judges the end; it begins where a character begins. */
    from = from < 4 ? 0 : from - 4;
    while (from > 0 && ((unsigned char)s.p[from] & 0xc0) == 0x80)
        from--;
    if (utf8_valid(str_from(s, from), bad_at))
        return true;
    if (bad_at != NULL)
        *bad_at += from;
    return false;
}
