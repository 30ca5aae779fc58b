/* number_text — numbers as tables write them, read and printed so that the
 * original text comes back (docs/column-file.md, NUMBERS). No locale, no memory. */
#ifndef NUMBER_TEXT_H
#define NUMBER_TEXT_H
#include "kit/table/column_file.h"

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
#endif
