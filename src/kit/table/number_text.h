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
bool number_read(str s, number_text *out) nodiscard;
bool number_read_odd(str s, number_text *out) nodiscard;    /* what the quick way of number_read leaves: it calls this */

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
#endif
