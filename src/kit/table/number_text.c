#include "kit/table/number_text.h"

const int64_t number_tens[COLUMN_SCALE_MAX + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
    100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
};

bool number_round(int64_t mantissa, unsigned from, unsigned to, int64_t *key)
{
    if (from <= to || from - to > COLUMN_SCALE_MAX)
        return false;
    int64_t step = number_ten_to(from - to), half = step / 2;
    *key = mantissa / step + (mantissa % step >= half) - (mantissa % step <= -half);
    return true;
}

bool number_rescale(int64_t mantissa, unsigned from, unsigned to, int64_t *key)
{
    if (from > to) {
        int64_t by = number_ten_to(from - to);
        if (mantissa % by != 0)
            return false;
        *key = mantissa / by;
        return true;
    }
    return !__builtin_mul_overflow(mantissa, number_ten_to(to - from), key) && *key != COLUMN_KEY_NULL;
}

static inline bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* Optional minus, digits without a needless zero, optionally a point and digits: nearly every number is this. */
bool number_read_long(str s, number_text *out)
{
    const char *p = s.p, *end = p + s.n;
    bool minus = p < end && *p == '-';
    p += minus;
    const char *first = p;
    uint64_t v = 0;
    if (end - first > COLUMN_SCALE_MAX + 1)
        return number_read_odd(s, out);
    while (p < end && is_digit(*p))
        v = v * 10 + (uint64_t)(*p++ - '0');
    size_t whole = (size_t)(p - first), decimals = 0;
    if (whole == 0 || (whole > 1 && *first == '0'))
        return number_read_odd(s, out);
    if (p < end) {
        if (*p++ != '.' || p == end)
            return number_read_odd(s, out);
        const char *fraction = p;
        while (p < end && is_digit(*p))
            v = v * 10 + (uint64_t)(*p++ - '0');
        decimals = (size_t)(p - fraction);
        if (p < end)
            return number_read_odd(s, out);
    }
    if (whole + decimals > COLUMN_SCALE_MAX || (minus && v == 0))
        return number_read_odd(s, out);
    *out = (number_text){ .mantissa = minus ? -(int64_t)v : (int64_t)v, .decimals = (uint8_t)decimals,
                          .style = (uint8_t)decimals, .digits = (uint8_t)whole, .exact = true };
    return true;
}

/* Digits before the point, with thousands separated by commas or not. */
static bool read_whole(const char **at, const char *end, uint64_t *v, unsigned *digits, bool *grouped)
{
    const char *p = *at;
    unsigned run = 0;
    while (p < end && (is_digit(*p) || *p == ',')) {
        if (*p == ',') {
            if (run == 0 || run > 3 || (*grouped && run != 3) || end - p < 4)
                return false;
            *grouped = true;
            run = 0;
        } else {
            if (*digits >= COLUMN_SCALE_MAX)
                return false;
            *v = *v * 10 + (uint64_t)(*p - '0');
            ++*digits;
            run++;
        }
        p++;
    }
    *at = p;
    return !*grouped || run == 3;
}

/* E+05: moves the point. False: it would leave 18 digits on either side. */
static bool read_exponent(const char *p, const char *end, uint64_t *v, unsigned *digits, unsigned *decimals)
{
    bool minus = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    int e = 0;
    if (p == end || end - p > 3)
        return false;
    for (; p < end; p++) {
        if (!is_digit(*p))
            return false;
        e = e * 10 + (*p - '0');
    }
    int places = (int)*decimals + (minus ? e : -e);
    for (; places < 0 && *v > 0; places++) {
        if (*digits >= COLUMN_SCALE_MAX)
            return false;
        *v *= 10;
        ++*digits;
    }
    while (places > COLUMN_SCALE_MAX && *v % 10 == 0 && *v > 0) {
        *v /= 10;
        places--;
    }
    if (*v == 0)
        places = 0;
    *decimals = (unsigned)(places > 0 ? places : 0);
    return places <= COLUMN_SCALE_MAX;
}

bool number_read_odd(str s, number_text *out)
{
    str t = str_trim(s);
    const char *p = t.p, *end = p + t.n;
    bool minus = p < end && *p == '-', plus = p < end && *p == '+', grouped = false, power = false, bare, zero_led;
    p += minus || plus;
    const char *first = p;
    uint64_t v = 0;
    unsigned digits = 0, decimals = 0;
    if (!read_whole(&p, end, &v, &digits, &grouped))
        return false;
    unsigned whole = digits;
    bare = whole == 0;
    zero_led = whole > 1 && *first == '0';
    bool point = p < end && *p == '.';
    if (point)
        for (p++; p < end && is_digit(*p); p++, decimals++, digits++) {
            if (digits >= COLUMN_SCALE_MAX)
                return false;
            v = v * 10 + (uint64_t)(*p - '0');
        }
    if (digits == 0)
        return false;
    unsigned written = decimals;
    if (p < end && (*p == 'e' || *p == 'E') && !grouped && !zero_led) {
        power = true;
        if (!read_exponent(p + 1, end, &v, &digits, &decimals))
            return false;
        p = end;
    }
    bool plain = !minus && !plus && !grouped && !point && !power && t.n == s.n;
    if (p != end || (zero_led && !plain))
        return false;
    out->mantissa = minus ? -(int64_t)v : (int64_t)v;
    out->decimals = (uint8_t)decimals;
    out->style = (uint8_t)(decimals | (grouped ? COLUMN_STYLE_GROUPED : 0) | (plus ? COLUMN_STYLE_PLUS : 0)
                           | (bare ? COLUMN_STYLE_BARE_POINT : 0));
    out->digits = (uint8_t)whole;
    out->zero_led = zero_led;
    out->exact = t.n == s.n && !power && !zero_led && !(minus && v == 0) && !(point && written == 0);
    return true;
}

static char *put_digits(char *end, uint64_t v, unsigned least)
{
    char *p = end;
    do {
        *--p = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    while (end - p < (ptrdiff_t)least)
        *--p = '0';
    return p;
}

static char *put_grouped(char *end, uint64_t v)
{
    char *p = end;
    for (unsigned n = 0; n == 0 || v > 0; n++, v /= 10) {
        if (n > 0 && n % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + v % 10);
    }
    return p;
}

str number_print(int64_t key, unsigned scale, uint8_t style, unsigned digits, char *room)
{
    unsigned decimals = style & COLUMN_STYLE_DECIMALS;
    uint64_t v = key < 0 ? (uint64_t)0 - (uint64_t)key : (uint64_t)key;
    char *end = room + COLUMN_NUMBER_ROOM, *p = end;
    if (decimals < scale)
        v /= (uint64_t)number_ten_to(scale - decimals);
    if (decimals > 0) {
        uint64_t by = (uint64_t)number_ten_to(decimals);
        p = put_digits(p, v % by, decimals);
        *--p = '.';
        v /= by;
    }
    if (!(style & COLUMN_STYLE_BARE_POINT) || v > 0)
        p = style & COLUMN_STYLE_GROUPED ? put_grouped(p, v) : put_digits(p, v, digits);
    if (key < 0)
        *--p = '-';
    else if (style & COLUMN_STYLE_PLUS)
        *--p = '+';
    return (str){ p, (size_t)(end - p) };
}
