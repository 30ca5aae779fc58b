/* number_text — numbers as tables write them, read and printed so that the
 * original text comes back (docs/column-file.md, NUMBERS). No locale, no memory. */
#ifndef NUMBER_TEXT_H
#define NUMBER_TEXT_H
#include "kit/table/column_file.h"
#include "kit/table/text_words.h"

typedef struct {
    int64_t mantissa;       /* the number is mantissa / 10^decimals */
    uint8_t decimals;       /* 0 … COLUMN_SCALE_MAX */
    uint8_t style;          /* COLUMN_STYLE_*: decimals and what else is needed to print it */
    uint8_t digits;         /* before the point, as written */
    bool    zero_led;       /* plain digits with a needless zero in front: 007, 00 */
    bool    exact;          /* number_print gives back the text */
} number_text;

/* Sign, thousands, point, exponent; blanks around are passed over. Up to 18 digits. False: it is no number. */
bool number_read_long(str s, number_text *out) nodiscard;   /* what the digits alone of number_read leave: it calls this */
bool number_read_odd(str s, number_text *out) nodiscard;    /* what number_read_long leaves: it calls this */

extern const int64_t number_tens[COLUMN_SCALE_MAX + 1];
static inline int64_t number_ten_to(unsigned n)             /* n <= 18 */
{
    return number_tens[n];
}
static inline unsigned number_digits(uint64_t v)            /* v < 10^19 */
{
    unsigned below = (64 - (unsigned)__builtin_clzll(v | 1)) * 1233 >> 12;
    return below + (below > COLUMN_SCALE_MAX || v >= (uint64_t)number_tens[below]) + (v == 0);
}
bool number_round(int64_t mantissa, unsigned from, unsigned to, int64_t *key) nodiscard;   /* to fewer decimals, halves away from zero */
bool number_rescale(int64_t mantissa, unsigned from, unsigned to, int64_t *key) nodiscard; /* false: does not fit, or loses digits */

/* The text of a key under a style; digits > 0: padded with zeros to so many. room: COLUMN_NUMBER_ROOM bytes. */
str number_print(int64_t key, unsigned scale, uint8_t style, unsigned digits, char *room);

/* One to eight bytes at the upper end of a word, zeros (as digits) below them. */
static inline uint64_t number_word(const char *p, size_t n)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030);
    uint64_t w;
    if (n == 8) {
        memcpy(&w, p, 8);
        return w;
    }
    size_t free = 8 * (8 - n);
    if (n >= 4) {
        uint32_t x, y;
        memcpy(&x, p, 4);
        memcpy(&y, p + n - 4, 4);
        w = (uint64_t)x << free | (uint64_t)y << 32;
    } else {
        w = (uint64_t)(unsigned char)p[0] << free | (uint64_t)(unsigned char)p[n / 2] << (free + 8 * (n / 2))
          | (uint64_t)(unsigned char)p[n - 1] << 56;
    }
    return w | zeros >> 8 * n;
}
static inline bool number_word_is_digits(uint64_t w)
{
    const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0);
    return ((w & high) | ((w + UINT64_C(0x0606060606060606)) & high) >> 4) == UINT64_C(0x3333333333333333);
}
static inline uint64_t number_word_value(uint64_t w)
{
    w = (w & UINT64_C(0x0f0f0f0f0f0f0f0f)) * 2561 >> 8;
    w = (w & UINT64_C(0x00ff00ff00ff00ff)) * 6553601 >> 16;
    return (w & UINT64_C(0x0000ffff0000ffff)) * UINT64_C(42949672960001) >> 32;
}

/* Up to eight digits alone, as a word that has them from its lowest byte on. False: they are not. */
static inline bool number_of_digits(uint64_t w, size_t n, uint64_t *v)
{
    w = w << 8 * (8 - n) | UINT64_C(0x3030303030303030) >> 4 * n >> 4 * n;
    *v = number_word_value(w);
    return number_word_is_digits(w);
}

/* Any number. Up to sixteen digits alone, the usual, are read eight at a time. */
static inline bool number_read(str s, number_text *out)
{
    if (s.n - 1 >= 16 || (s.p[0] == '0' && s.n > 1))
        return number_read_long(s, out);
    size_t upper = s.n > 8 ? s.n - 8 : 0;
    uint64_t low = number_word(s.p + upper, s.n - upper), high = upper > 0 ? number_word(s.p, upper) : 0;
    if (!number_word_is_digits(low) || (upper > 0 && !number_word_is_digits(high)))
        return number_read_long(s, out);
    uint64_t v = number_word_value(low) + (upper > 0 ? number_word_value(high) * 100000000 : 0);
    *out = (number_text){ .mantissa = (int64_t)v, .digits = (uint8_t)s.n, .exact = true };
    return true;
}

/* The bytes of w without the one at `at`. */
static inline text_words number_without(text_words w, size_t at)
{
    if (at < 8) {
        uint64_t below = (UINT64_C(1) << 8 * at) - 1;
        return (text_words){ (w.a & below) | (w.a >> 8 & ~below) | w.b << 56, w.b >> 8 };
    }
    uint64_t below = (UINT64_C(1) << 8 * (at - 8)) - 1;
    return (text_words){ w.a, (w.b & below) | (w.b >> 8 & ~below) };
}

/* The lowest byte that is c; beyond any length: there is none. */
static inline size_t number_find(text_words w, char c)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    uint64_t a = w.a ^ ones * (unsigned char)c, b = w.b ^ ones * (unsigned char)c;
    a = (a - ones) & ~a & high;
    b = (b - ones) & ~b & high;
    return a != 0 ? (size_t)__builtin_ctzll(a) / 8 : b != 0 ? 8 + (size_t)__builtin_ctzll(b) / 8 : TEXT_WORDS_MAX + 1;
}

/* What nearly all numbers are: digits without a needless zero and perhaps a point, sixteen bytes at most.
 * False: it is left to number_read. */
static inline bool number_read_words(text_words w, size_t n, number_text *out)
{
    uint64_t v, low = 0;
    if (n - 1 < 8 && ((char)w.a != '0' || n == 1) && number_of_digits(w.a, n, &v)) {
        *out = (number_text){ .mantissa = (int64_t)v, .digits = (uint8_t)n, .exact = true };
        return true;
    }
    if (n - 1 >= TEXT_WORDS_MAX)
        return false;
    size_t point = number_find(w, '.'), whole = n;
    if (point < n) {
        w = number_without(w, point);
        whole = point;
        n--;
    }
    if (whole == 0 || point == n || (whole > 1 && (char)w.a == '0'))
        return false;
    if (!number_of_digits(w.a, n < 8 ? n : 8, &v) || (n > 8 && !number_of_digits(w.b, n - 8, &low)))
        return false;
    if (n > 8)
        v = v * (uint64_t)number_ten_to((unsigned)n - 8) + low;
    *out = (number_text){ .mantissa = (int64_t)v, .decimals = (uint8_t)(n - whole), .style = (uint8_t)(n - whole), .digits = (uint8_t)whole,
                          .exact = true };
    return true;
}
#endif
