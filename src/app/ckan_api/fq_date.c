/* fq_date — moments and Solr's date mathematics (its DateMathParser): NOW or an
 * ISO 8601 date, then any number of +2DAYS -1YEAR /MONTH. All in UTC. */
#include "app/ckan_api/fq.h"

typedef enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, MILLI, UNITS } unit;

static const char *const unit_names[UNITS] = { "YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "MILLI" };
static const int64_t unit_ms[UNITS] = { 0, 0, DAY_MS, 3600000, 60000, 1000, 1 };

#define FAR INT64_C(250000000000000)      /* about the year 9892, and as far before 1970 */

static size_t digits(str s, size_t at, size_t most, int *out)
{
    size_t n = 0;
    *out = 0;
    while (n < most && at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
        *out = *out * 10 + (s.p[at + n++] - '0');
    return n;
}

/* The fraction of a second: as many digits as there are, milliseconds of them. */
static size_t fraction(str s, size_t at, int *ms)
{
    size_t n = 0;
    *ms = 0;
    for (; at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9'; n++)
        if (n < 3)
            *ms = *ms * 10 + (s.p[at + n] - '0');
    for (size_t k = n; k > 0 && k < 3; k++)
        *ms *= 10;
    return n;
}

/* YYYY[-MM[-DD[Thh[:mm[:ss[.fff]]]]]][Z]; `last` is what was said last. */
static bool read_date(str s, size_t *i, day_parts *p, unit *last)
{
    static const char before[UNITS] = { 0, '-', '-', 'T', ':', ':', '.' };
    int *const parts[UNITS] = { &p->year, &p->month, &p->day, &p->hour, &p->minute, &p->second, &p->ms };
    *p = (day_parts){ .month = 1, .day = 1 };
    if (digits(s, 0, 4, &p->year) != 4)
        return false;
    size_t at = 4;
    *last = YEAR;
    for (unit u = MONTH; u < UNITS && at < s.n && (s.p[at] == before[u] || (u == HOUR && s.p[at] == ' ')); u++) {
        int number;
        size_t n = u == MILLI ? fraction(s, at + 1, &number) : digits(s, at + 1, 2, &number);
        char next = at + 1 + n < s.n ? s.p[at + 1 + n] : 0;
        if (n < (u == MILLI ? 1u : 2u) || (next >= 'A' && next <= 'Y' && next != 'T'))
            break;               /* 2020-01-01-1YEAR, 2020-12MONTHS: mathematics begins here */
        *parts[u] = number;
        at += 1 + n;
        *last = u;
    }
    if (at < s.n && s.p[at] == 'Z')
        at++;
    *i = at;
    return p->year >= 1 && day_valid(p->year, p->month, p->day) && p->hour < 24 && p->minute < 60 && p->second < 60;
}

static bool read_unit(str s, size_t *i, unit *out)
{
    str rest = str_from(s, *i);
    for (int u = 0; u < UNITS; u++) {
        str name = str_of(unit_names[u]);
        if (!str_starts(rest, name))
            continue;
        *i += name.n;
        if (str_starts(str_from(s, *i), u == MILLI ? S("SECONDS") : S("S")))
            *i += u == MILLI ? 7 : 1;
        else if (u == MILLI && str_starts(str_from(s, *i), S("SECOND")))
            *i += 6;
        else if (u == MILLI && str_starts(str_from(s, *i), S("S")))
            *i += 1;
        *out = (unit)u;
        return true;
    }
    *out = DAY;
    *i += 4;
    return str_starts(rest, S("DATE"));
}

/* Years and months keep the day of the month as far as that month has it. */
static bool add(int64_t *ms, int64_t count, unit u)
{
    if (u >= DAY) {
        int64_t sum;
        return !__builtin_mul_overflow(count, unit_ms[u], &sum) && !__builtin_add_overflow(*ms, sum, ms);
    }
    day_parts p = day_split(*ms);
    int64_t months = (int64_t)p.year * 12 + p.month - 1 + count * (u == YEAR ? 12 : 1);
    if (months < 12 || months >= 9999 * 12)
        return false;
    p.year = (int)(months / 12);
    p.month = (int)(months % 12) + 1;
    while (!day_valid(p.year, p.month, p.day))
        p.day--;
    *ms = day_join(&p);
    return true;
}

static void cut(int64_t *ms, unit u)
{
    day_parts p = day_split(*ms);
    int *const parts[UNITS] = { &p.year, &p.month, &p.day, &p.hour, &p.minute, &p.second, &p.ms };
    for (int k = u + 1; k < UNITS; k++)
        *parts[k] = k == MONTH || k == DAY ? 1 : 0;
    *ms = day_join(&p);
}

static bool calculate(str s, size_t i, int64_t *ms)
{
    while (i < s.n) {
        char sign = s.p[i++];
        int count = 1;
        unit u;
        if (sign != '/') {
            size_t n = digits(s, i, 9, &count);
            if ((sign != '+' && sign != '-') || n == 0)
                return false;
            i += n;
        }
        if (!read_unit(s, &i, &u))
            return false;
        if (sign == '/')
            cut(ms, u);
        else if (!add(ms, sign == '+' ? count : -count, u))
            return false;
        if (*ms > FAR || *ms < -FAR)
            return false;
    }
    return true;
}

bool fq_date(str text, int64_t now_ms, int64_t *first, int64_t *last, bool *uses_now)
{
    day_parts p;
    unit said = MILLI;
    size_t i = 3;
    int64_t ms = now_ms;
    if (str_starts(text, S("NOW"))) {
        *uses_now = true;
    } else {
        if (!read_date(text, &i, &p, &said))
            return false;
        ms = day_join(&p);
    }
    bool exact = i < text.n;
    if (!calculate(text, i, &ms))
        return false;
    *first = *last = ms;
    if (!exact && said < SECOND) {        /* a shorter form is a whole period */
        if (!add(last, 1, said))
            return false;
        --*last;
    }
    return true;
}
