#include "kit/sheet/serial.h"

#include <math.h>

serial_form serial_of_builtin(unsigned id)
{
    if (id >= 14 && id <= 17)
        return SERIAL_DATE;
    if (id == 22)
        return SERIAL_MOMENT;
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || (id >= 32 && id <= 35) || id == 55 || id == 56)
        return SERIAL_TIME;                 /* 32–35, 55, 56: hours and minutes in the editions for Chinese and Japanese */
    if ((id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
        return SERIAL_DATE;
    return SERIAL_PLAIN;
}

/* Letters outside quotes, escapes and brackets decide; only the first section counts. */
serial_form serial_of_format(str f)
{
    bool date = false, time = false, digits = false;
    for (size_t i = 0; i < f.n && f.p[i] != ';'; i++) {
        char ch = f.p[i];
        if (ch == '"') {
            while (++i < f.n && f.p[i] != '"') {
            }
        } else if (ch == '\\' || ch == '_' || ch == '*') {
            i++;
        } else if (ch == '[') {
            char in = i + 1 < f.n ? (char)(f.p[i + 1] | 0x20) : 0;
            size_t close = str_find_byte(str_from(f, i), ']');
            bool same = close > 1;
            for (size_t k = 1; k < close && i + k < f.n; k++)
                same = same && (f.p[i + k] | 0x20) == in;
            time |= same && (in == 'h' || in == 'm' || in == 's');      /* [h]: hours that go on beyond 24 */
            i += close;
        } else {
            char low = (char)(ch | 0x20);
            date |= low == 'y' || low == 'd' || low == 'e' || low == 'g' || low == 'b';
            time |= low == 'h' || low == 's';
            digits |= ch == '0' || ch == '#' || ch == '?';
            if (low == 'm' && !date && !time)
                date = true;
        }
    }
    if (digits && !time)
        return SERIAL_PLAIN;                /* 0.00E+00: that e is no era; 0"年" is a number */
    if (f.n == 7 && str_ieq(f, S("general")))
        return SERIAL_PLAIN;
    return date && time ? SERIAL_MOMENT : date ? SERIAL_DATE : time ? SERIAL_TIME : SERIAL_PLAIN;
}

static void add_time(buf *b, int64_t ms)
{
    int64_t s = ms / 1000;
    buf_fmt(b, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
    if (ms % 1000 != 0)
        buf_fmt(b, ".%03d", (int)(ms % 1000));
}

bool serial_date(buf *b, double v, serial_form form, bool since_1904)
{
    if (!isfinite(v) || v < (form == SERIAL_TIME ? 0.0 : 0.0) || v > 2958466.0)
        return false;
    if (form == SERIAL_TIME) {
        int64_t ms = (int64_t)llround(v * 86400000.0);
        if (ms / 3600000 > 9999)
            return false;
        add_time(b, ms);
        return true;
    }
    /* 1900 was no leap year, but the spreadsheet's first 60 days think so. */
    double days = since_1904 ? v + 1462 : v < 60 ? v + 1 : v;
    int64_t ms = (int64_t)llround((days - 25569) * 86400000.0);
    if (days < 1)
        return false;
    int64_t day_ms = ((ms % DAY_MS) + DAY_MS) % DAY_MS;
    day_parts p = day_split(ms);
    if (p.year < 1 || p.year > 9999)
        return false;
    buf_fmt(b, "%04d-%02d-%02d", p.year, p.month, p.day);
    if (form == SERIAL_MOMENT || day_ms >= 1000) {
        buf_byte(b, 'T');
        add_time(b, day_ms);
    }
    return true;
}

/* d.ddde±xx as %e made it → plain digits, while that needs at most 20 zeros. */
static void add_plain(buf *b, char *e)
{
    char *x = strchr(e, 'e');
    must(x != NULL);
    int exponent = (int)strtol(x + 1, NULL, 10);
    char digits[40];
    size_t n = 0;
    for (const char *p = e; p < x; p++)
        if (*p >= '0' && *p <= '9' && n < sizeof digits)
            digits[n++] = *p;
    while (n > 1 && digits[n - 1] == '0')
        n--;
    if (e[0] == '-' && !(n == 1 && digits[0] == '0'))
        buf_byte(b, '-');
    if (exponent < -20 || exponent > 20) {
        buf_byte(b, digits[0]);
        if (n > 1)
            buf_byte(b, '.');
        buf_add(b, (str){ digits + 1, n - 1 });
        buf_fmt(b, "E%+d", exponent);
        return;
    }
    if (exponent < 0) {
        buf_add(b, S("0."));
        for (int i = -1; i > exponent; i--)
            buf_byte(b, '0');
        buf_add(b, (str){ digits, n });
        return;
    }
    for (size_t i = 0; i < n || i <= (size_t)exponent; i++) {
        if (i == (size_t)exponent + 1)
            buf_byte(b, '.');
        buf_byte(b, i < n ? digits[i] : '0');
    }
}

void serial_double(buf *b, double v, bool *long_number)
{
    *long_number = isfinite(v) && fabs(v) >= 1e15 && fabs(v) < 1e21;
    if (!isfinite(v)) {
        buf_add(b, isnan(v) ? S("NaN") : v < 0 ? S("-INF") : S("INF"));
        return;
    }
    char text[48];
    snprintf(text, sizeof text, "%.14e", v);
    add_plain(b, text);
}

void serial_number(buf *b, str s, bool *long_number)
{
    size_t digits = 0;
    bool simple = s.n > 0 && s.n <= 17;
    *long_number = false;
    for (size_t i = 0; i < s.n && simple; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            digits++;
        else
            simple = (s.p[i] == '-' && i == 0) || (s.p[i] == '.' && i > 0);
    }
    double v;
    if ((simple && digits <= 15) || !str_to_f64(s, &v))
        buf_add(b, s);
    else
        serial_double(b, v, long_number);
}
