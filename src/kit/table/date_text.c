#include "kit/table/date_text.h"

typedef struct { int year, month, day; bool roc, han; } civil;

static bool eat(str *s, str what)
{
    if (!str_starts(*s, what))
        return false;
    *s = str_from(*s, what.n);
    return true;
}

static size_t digit_run(str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return n;
}

/* Between least and most digits, all there are of them. */
static bool take(str *s, size_t least, size_t most, int *out)
{
    size_t n = digit_run(*s);
    int v = 0;
    if (n < least || n > most)
        return false;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (s->p[i] - '0');
    *s = str_from(*s, n);
    *out = v;
    return true;
}

static int fixed(const char *p, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (p[i] - '0');
    return v;
}

static int64_t days_of(const civil *d)
{
    return day_from_civil(d->year + (d->roc ? 1911 : 0), d->month, d->day);
}

static bool is_day(const civil *d)
{
    return d->year > 0 && day_valid(d->year + (d->roc ? 1911 : 0), d->month, d->day);
}

/* Four digits: AD; fewer: ROC. With a separator of one byte, two digits at least and no zero before them (1.2.3 is no date). */
static bool read_year(str *s, civil *d)
{
    bool named = eat(s, S("中華民國")) || eat(s, S("民國"));
    if (named)
        *s = str_trim(*s);
    size_t run = digit_run(*s);
    const char *p = s->p;
    if (!take(s, 1, 4, &d->year))
        return false;
    d->han = eat(s, S("年"));
    d->roc = named || run < 4;
    if (run == 4 && (named || p[0] == '0'))
        return false;
    return d->year > 0 && (run == 4 || d->han || named || run == 3 || (run == 2 && p[0] != '0'));
}

static int quarter_of(str *s)
{
    static const str han[] = { S_INIT("一"), S_INIT("二"), S_INIT("三"), S_INIT("四") };
    for (int i = 0; i < 4; i++)
        if (eat(s, han[i]))
            return i + 1;
    if (s->n > 0 && s->p[0] >= '1' && s->p[0] <= '4') {
        int q = s->p[0] - '0';
        *s = str_from(*s, 1);
        return q;
    }
    return 0;
}

/* What follows the year of a quarter: Q1, -Q1, 第1季, 第一季. */
static bool read_quarter(str s, civil *d)
{
    bool mark = false;
    if (!d->han)
        (void)(eat(&s, S("-")) || eat(&s, S("/")) || eat(&s, S(" ")));
    mark = eat(&s, S("Q")) || eat(&s, S("q"));
    bool han = !mark && eat(&s, S("第"));
    int q = mark || han ? quarter_of(&s) : 0;
    if (q == 0 || (han && !eat(&s, S("季"))) || s.n > 0)
        return false;
    d->month = q * 3 - 2;
    d->day = 1;
    return true;
}

static bool read_half(str *s, int *plus)
{
    if (eat(s, S("上午")) || eat(s, S("AM ")) || eat(s, S("am ")))
        *plus = 0;
    else if (eat(s, S("下午")) || eat(s, S("PM ")) || eat(s, S("pm ")))
        *plus = 12;
    else
        return false;
    *s = str_trim(*s);
    return true;
}

/* Z, +08:00, +0800, +08; none is Taiwan's. */
static bool read_zone(str *s, int64_t *offset_ms, bool *given)
{
    *offset_ms = DAY_TAIPEI_MS;
    *given = false;
    if (eat(s, S("Z")) || eat(s, S("z"))) {
        *offset_ms = 0;
        *given = true;
        return true;
    }
    bool minus = str_starts(*s, S("-"));
    if (!minus && !str_starts(*s, S("+")))
        return true;
    str t = str_from(*s, 1);
    size_t run = digit_run(t);
    if (run != 2 && run != 4)
        return false;
    int hours = fixed(t.p, 2), minutes = run == 4 ? fixed(t.p + 2, 2) : 0;
    t = str_from(t, run);
    if (run == 2 && eat(&t, S(":")) && !take(&t, 2, 2, &minutes))
        return false;
    if (hours > 14 || minutes > 59)
        return false;
    *offset_ms = (hours * INT64_C(60) + minutes) * 60000 * (minus ? -1 : 1);
    *given = true;
    *s = t;
    return true;
}

static bool read_fraction(str *s, int *ms)
{
    size_t run = digit_run(*s);
    if (run < 1 || run > 9)
        return false;
    int v = 0;
    for (size_t i = 0; i < 3; i++)
        v = v * 10 + (i < run ? s->p[i] - '0' : 0);
    for (size_t i = 3; i < run; i++)
        if (s->p[i] != '0')
            return false;       /* finer than we keep */
    *s = str_from(*s, run);
    *ms = v;
    return true;
}

/* 9:30, 09:30:15.250, 下午 3:04, 3:04 PM, 10時30分. */
static bool read_clock(str *s, int64_t *ms)
{
    int plus = -1, h, m = 0, sec = 0, milli = 0;
    (void)read_half(s, &plus);
    if (!take(s, 1, 2, &h))
        return false;
    if (eat(s, S("時"))) {
        if (s->n > 0 && digit_run(*s) > 0 && (!take(s, 1, 2, &m) || !eat(s, S("分"))))
            return false;
        if (s->n > 0 && digit_run(*s) > 0 && (!take(s, 1, 2, &sec) || !eat(s, S("秒"))))
            return false;
    } else {
        if (!eat(s, S(":")) || !take(s, 2, 2, &m))
            return false;
        if (eat(s, S(":")) && (!take(s, 2, 2, &sec) || (eat(s, S(".")) && !read_fraction(s, &milli))))
            return false;
    }
    if (plus < 0 && (eat(s, S(" AM")) || eat(s, S(" am"))))
        plus = 0;
    else if (plus < 0 && (eat(s, S(" PM")) || eat(s, S(" pm"))))
        plus = 12;
    if (plus >= 0 && h > 12)
        return false;
    if (plus >= 0)
        h = h % 12 + plus;
    if (h > 24 || m > 59 || sec > 59 || (h == 24 && (m > 0 || sec > 0 || milli > 0)))
        return false;
    *ms = ((h * INT64_C(60) + m) * 60 + sec) * 1000 + milli;
    return true;
}

static bool is_end_of_year(str s)
{
    return s.n == 0 || str_eq(s, S("度")) || str_eq(s, S("學年")) || str_eq(s, S("學年度"));
}

/* After the day: nothing, or the time of day. */
static bool read_rest(str s, const civil *d, date_text *out)
{
    int64_t ms, zone;
    bool given;
    out->roc = d->roc;
    if (s.n == 0) {
        out->type = COLUMN_date;
        out->key = days_of(d);
        return true;
    }
    if (!eat(&s, S("T")) && s.p[0] != ' ' && !d->han)
        return false;
    s = str_trim(s);
    if (!read_clock(&s, &ms) || !read_zone(&s, &zone, &given) || s.n > 0)
        return false;
    out->type = COLUMN_datetime;
    out->key = days_of(d) * DAY_MS + ms - zone;
    return true;
}

static bool done(date_text *out, column_type type, const civil *d)
{
    *out = (date_text){ .type = type, .roc = d->roc, .key = type == COLUMN_year ? d->year : days_of(d) };
    return true;
}

bool date_read(str s, date_text *out)
{
    civil d = { .month = 1, .day = 1 };
    int64_t ms;
    s = str_trim(s);
    str t = s;
    if (s.n < 3 || s.n > 64)
        return false;
    if (read_clock(&t, &ms) && t.n == 0) {
        *out = (date_text){ .type = COLUMN_time, .key = ms };
        return true;
    }
    t = s;
    if (!read_year(&t, &d))
        return false;
    if (read_quarter(t, &d))
        return done(out, COLUMN_quarter, &d);
    size_t year_bytes = s.n - t.n;
    bool school = str_starts(t, S("學年"));
    if (is_end_of_year(t) && (d.han || school))
        return done(out, COLUMN_year, &d);
    char sep = !d.han && t.n > 0 ? t.p[0] : 0;
    if (!d.han && sep != '-' && sep != '/' && sep != '.')
        return false;
    if (!d.han)
        t = str_from(t, 1);
    size_t month_digits = digit_run(t);
    if (!take(&t, 1, 2, &d.month) || d.month < 1 || d.month > 12)
        return false;
    bool whole_month = d.han ? eat(&t, S("月")) : true;
    if (!whole_month)
        return false;
    if (t.n == 0)
        return (d.han || (sep != '.' && (year_bytes == 4 || month_digits == 2))) && done(out, COLUMN_month, &d);
    if (!d.han) {
        if (t.p[0] != sep)
            return false;
        t = str_from(t, 1);
    }
    if (!take(&t, 1, 2, &d.day) || (d.han && !eat(&t, S("日"))) || !is_day(&d))
        return false;
    return read_rest(t, &d, out);
}

static bool all_digits(str s)
{
    return s.n > 0 && digit_run(s) == s.n;
}

bool date_read_digits(str s, column_type as, date_text *out)
{
    civil d = { .month = 1, .day = 1 };
    s = str_trim(s);
    if (!all_digits(s) || s.n > 14)
        return false;
    size_t year_digits = as == COLUMN_year ? s.n : as == COLUMN_month ? s.n - 2 : as == COLUMN_date ? s.n - 4 : 4;
    if ((as == COLUMN_date && (s.n < 6 || s.n > 8)) || (as == COLUMN_month && (s.n < 4 || s.n > 6))
        || (as == COLUMN_year && (s.n < 2 || s.n > 4)) || (as == COLUMN_datetime && s.n != 14))
        return false;
    if (as != COLUMN_date && as != COLUMN_month && as != COLUMN_year && as != COLUMN_datetime)
        return false;
    d.year = fixed(s.p, year_digits);
    d.roc = year_digits < 4;
    if (as != COLUMN_year)
        d.month = fixed(s.p + year_digits, 2);
    if (as == COLUMN_date || as == COLUMN_datetime)
        d.day = fixed(s.p + year_digits + 2, 2);
    if (!is_day(&d) || (year_digits == 4 && (d.year < 1800 || d.year > 2200)) || (d.roc && d.year > 200))
        return false;
    if (as == COLUMN_month && year_digits == 2 && d.year < 60)
        return false;               /* 9811 is a month; 2012 is a year */
    if (as != COLUMN_datetime)
        return done(out, as, &d);
    int h = fixed(s.p + 8, 2), m = fixed(s.p + 10, 2), sec = fixed(s.p + 12, 2);
    if (h > 23 || m > 59 || sec > 59)
        return false;
    *out = (date_text){ .type = COLUMN_datetime, .key = days_of(&d) * DAY_MS + ((h * 60 + m) * 60 + sec) * INT64_C(1000) - DAY_TAIPEI_MS };
    return true;
}

bool date_read_as(str s, column_type as, date_text *out)
{
    s = str_trim(s);
    if (all_digits(s))
        return date_read_digits(s, as, out);
    if (!date_read(s, out))
        return false;
    if (out->type == COLUMN_date && as == COLUMN_datetime) {
        out->type = COLUMN_datetime;
        out->key = out->key * DAY_MS - DAY_TAIPEI_MS;
    }
    return out->type == as;
}
