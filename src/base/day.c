#include "base.h"

#include <time.h>

int64_t day_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t day_now_mono_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t day_now_mono_ms(void)
{
    return day_now_mono_ns() / 1000000;
}

static bool is_leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

bool day_valid(int y, int m, int d)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1)
        return false;
    return d <= days[m - 1] + (m == 2 && is_leap(y));
}

/* Days from civil, proleptic Gregorian: eras of 400 years counted from 1 March. */
int64_t day_from_civil(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

day_parts day_split(int64_t utc_ms)
{
    int64_t days = floor_div(utc_ms, DAY_MS);
    int64_t ms = utc_ms - days * DAY_MS;
    int64_t z = days + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (day_parts){
        .year = (int)(yoe + era * 400 + (month <= 2)), .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1), .hour = (int)(ms / 3600000),
        .minute = (int)(ms / 60000 % 60), .second = (int)(ms / 1000 % 60), .ms = (int)(ms % 1000),
    };
}

int64_t day_join(const day_parts *p)
{
    return day_from_civil(p->year, p->month, p->day) * DAY_MS + p->hour * INT64_C(3600000)
         + p->minute * INT64_C(60000) + p->second * INT64_C(1000) + p->ms;
}

static bool eat(str *s, str what)
{
    if (!str_starts(*s, what))
        return false;
    *s = str_from(*s, what.n);
    return true;
}

static bool digits(str *s, size_t min, size_t max, int *out)
{
    size_t n = 0;
    int v = 0;
    while (n < s->n && n < max && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    if (n < min)
        return false;
    *s = str_from(*s, n);
    *out = v;
    return true;
}

static size_t digit_run(str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return n;
}

/* The date part: which calendar is meant follows from the number of digits of the year. */
static bool read_date(str *s, day_parts *p)
{
    bool roc = eat(s, S("民國"));
    *s = str_trim(*s);
    size_t run = digit_run(*s);
    if (run == 8 && !roc)
        return digits(s, 4, 4, &p->year) && digits(s, 2, 2, &p->month) && digits(s, 2, 2, &p->day);
    if (run == 7 || (run == 6 && roc)) {
        roc = true;
        if (!digits(s, run - 4, run - 4, &p->year) || !digits(s, 2, 2, &p->month) || !digits(s, 2, 2, &p->day))
            return false;
    } else {
        if (run < 1 || run > 4 || !digits(s, 1, 4, &p->year))
            return false;
        roc = roc || run <= 3;
        bool han = eat(s, S("年"));
        char sep = !han && s->n > 0 ? s->p[0] : 0;
        if (!han && sep != '-' && sep != '/' && sep != '.')
            return false;
        if (!han)
            *s = str_from(*s, 1);
        if (!digits(s, 1, 2, &p->month))
            return false;
        if (han ? !eat(s, S("月")) : s->n == 0 || s->p[0] != sep)
            return false;
        if (!han)
            *s = str_from(*s, 1);
        if (!digits(s, 1, 2, &p->day) || (han && !eat(s, S("日"))))
            return false;
    }
    if (roc)
        p->year += 1911;
    return day_valid(p->year, p->month, p->day);
}

static bool read_time(str *s, day_parts *p)
{
    if (!digits(s, 1, 2, &p->hour) || !eat(s, S(":")) || !digits(s, 2, 2, &p->minute))
        return false;
    if (eat(s, S(":")) && !digits(s, 2, 2, &p->second))
        return false;
    if (s->n > 0 && s->p[0] == '.') {
        *s = str_from(*s, 1);
        int scale = 100;
        if (digit_run(*s) == 0)
            return false;
        for (; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9'; *s = str_from(*s, 1), scale /= 10)
            p->ms += (s->p[0] - '0') * scale;
    }
    return p->hour < 24 && p->minute < 60 && p->second < 61;
}

bool day_read(str s, int64_t *out)
{
    day_parts p = { 0 };
    int64_t offset = DAY_TAIPEI_MS;
    s = str_trim(s);
    if (!read_date(&s, &p))
        return false;
    if (s.n > 0 && (s.p[0] == 'T' || s.p[0] == ' ' || s.p[0] == 't')) {
        s = str_trim(str_from(s, 1));
        if (!read_time(&s, &p))
            return false;
        if (eat(&s, S("Z")) || eat(&s, S("z"))) {
            offset = 0;
        } else if (s.n > 0 && (s.p[0] == '+' || s.p[0] == '-')) {
            int sign = s.p[0] == '+' ? 1 : -1, h, m = 0;
            s = str_from(s, 1);
            if (!digits(&s, 2, 2, &h))
                return false;
            (void)eat(&s, S(":"));
            if (s.n > 0 && !digits(&s, 2, 2, &m))
                return false;
            if (h > 14 || m > 59)
                return false;
            offset = sign * (h * INT64_C(3600000) + m * INT64_C(60000));
        }
    }
    if (s.n > 0)
        return false;
    *out = day_join(&p) - offset;
    return true;
}

/* By hand: an answer of the catalogue holds hundreds of these, and printf took a tenth of its time. */
static char *two(char *p, int v)
{
    p[0] = (char)('0' + v / 10 % 10);
    p[1] = (char)('0' + v % 10);
    return p + 2;
}

static char *put_date(char *p, const day_parts *d)
{
    p = two(two(p, d->year / 100), d->year % 100);
    *p++ = '-';
    p = two(p, d->month);
    *p++ = '-';
    return two(p, d->day);
}

static str stamp(arena *a, int64_t ms, char between, str end)
{
    if (ms == DAY_NONE)
        return S("");
    day_parts d = day_split(ms);
    if (d.year < 0 || d.year > 9999)
        return str_fmt(a, "%04d-%02d-%02d%c%02d:%02d:%02d%.*s", d.year, d.month, d.day, between, d.hour, d.minute, d.second, S_ARG(end));
    char *text = arena_get(a, 20 + end.n), *p = put_date(text, &d);
    *p++ = between;
    p = two(p, d.hour);
    *p++ = ':';
    p = two(p, d.minute);
    *p++ = ':';
    p = two(p, d.second);
    memcpy(p, end.p, end.n);
    return (str){ text, 19 + end.n };
}

static int64_t in_taipei(int64_t ms)
{
    return ms == DAY_NONE ? ms : ms + DAY_TAIPEI_MS;
}

str day_iso_date(arena *a, int64_t ms)
{
    str s = stamp(a, in_taipei(ms), 'T', S(""));
    return str_sub(s, 0, str_find_byte(s, 'T'));
}

str day_iso(arena *a, int64_t ms)
{
    return stamp(a, in_taipei(ms), 'T', S("+08:00"));
}

str day_iso_utc(arena *a, int64_t ms)
{
    return stamp(a, ms, 'T', S("Z"));
}

str day_ckan(arena *a, int64_t ms)
{
    int milli = ms == DAY_NONE ? 0 : day_split(ms).ms;
    char end[] = { '.', (char)('0' + milli / 100), (char)('0' + milli / 10 % 10), (char)('0' + milli % 10), '0', '0', '0' };
    return stamp(a, ms, 'T', (str){ end, sizeof end });
}

str day_local(arena *a, int64_t ms)
{
    return stamp(a, in_taipei(ms), ' ', S(""));
}

str day_roc(arena *a, int64_t ms)
{
    if (ms == DAY_NONE)
        return S("");
    day_parts p = day_split(ms + DAY_TAIPEI_MS);
    if (p.year < 1912)
        return str_fmt(a, "民國前%d年%d月%d日", 1912 - p.year, p.month, p.day);
    return str_fmt(a, "民國%d年%d月%d日", p.year - 1911, p.month, p.day);
}

static const char week[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char month_name[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

str day_http(arena *a, int64_t ms)
{
    day_parts p = day_split(ms);
    int64_t weekday = (floor_div(ms, DAY_MS) % 7 + 11) % 7; /* 1970-01-01 was a Thursday */
    return str_fmt(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", week[weekday], p.day, month_name[p.month - 1],
                   p.year, p.hour, p.minute, p.second);
}

int day_year_taipei(int64_t ms)
{
    return day_split(ms + DAY_TAIPEI_MS).year;
}

int day_month_taipei(int64_t ms)
{
    return day_split(ms + DAY_TAIPEI_MS).month;
}
