/* query_made_test — for tests: columns of each type and random values for them, of which some are null. The values, and what
 * they are as keys, come from one seed: every run asks the same. Memory is the arena's. */
#ifndef QUERY_MADE_TEST_H
#define QUERY_MADE_TEST_H
#include "kit/table/column_type.h"

enum { INTEGER, DECIMAL, DATE, ROC_DATE, MOMENT, FEW, MANY, LONG, YES_NO, MONTH, QUARTER, YEAR, CLOCK, CODE, PLACE, COUNTY, COLS };
static const struct { const char *name; column_type type; int scale; } cols[COLS] = {
    { "n", COLUMN_integer, 0 }, { "d", COLUMN_decimal, 2 }, { "day", COLUMN_date, 0 }, { "roc", COLUMN_date, 0 },
    { "at", COLUMN_datetime, 0 }, { "few", COLUMN_text, 0 }, { "many", COLUMN_text, 0 }, { "long", COLUMN_text, 0 }, { "yes", COLUMN_boolean, 0 },
    { "month", COLUMN_month, 0 }, { "quarter", COLUMN_quarter, 0 }, { "year", COLUMN_year, 0 }, { "time", COLUMN_time, 0 },
    { "code", COLUMN_code, 0 }, { "place", COLUMN_longitude, 4 }, { "county", COLUMN_county, 0 },
};

static uint64_t seed = 88172645463325252ull;
static uint64_t any(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

/* Is a column compared by its bytes? */
static bool is_text(size_t col)
{
    return column_type_key(cols[col].type) == COLUMN_KEY_NONE;
}

typedef struct { bool null, keyed; int64_t key; str text; } value;

static str words(arena *a, size_t most)
{
    static const char *const parts[] = { "臺北", "台北", "市", "Park", "park", "路", "停車場", "x", " ", "7", "預算" };
    buf b = buf_in(a);
    for (size_t n = 1 + any(most); n > 0; n--)
        buf_add(&b, str_of(parts[any(array_len(parts))]));
    str s = str_trim(buf_str(&b));
    return s.n > 0 ? s : S("路");
}

static value keyed(int64_t key, str text)
{
    return (value){ .keyed = true, .key = key, .text = text };
}

static value make(arena *a, int col, bool wide)
{
    if (any(12) == 0)
        return (value){ .null = true };
    int64_t x = wide ? (int64_t)any(2000000000) - 1000000000 : (int64_t)any(40) - 10;
    int64_t day = 15000 + (int64_t)any(wide ? 5000 : 30);
    day_parts p = day_split(day * DAY_MS);
    switch (col) {
    case INTEGER: return keyed(x, str_fmt(a, "%" PRId64, x));
    case DECIMAL: return keyed(x, str_fmt(a, "%s%" PRId64 ".%02d", x < 0 ? "-" : "", (x < 0 ? -x : x) / 100, (int)((x < 0 ? -x : x) % 100)));
    case DATE: return keyed(day, str_fmt(a, "%04d-%02d-%02d", p.year, p.month, p.day));
    case ROC_DATE: return keyed(day, str_fmt(a, "%d/%02d/%02d", p.year - 1911, p.month, p.day));
    case MOMENT: {
        int minute = (int)any(1440);
        return keyed(day * DAY_MS + minute * INT64_C(60000) - DAY_TAIPEI_MS,
                     str_fmt(a, "%04d-%02d-%02d %02d:%02d:00", p.year, p.month, p.day, minute / 60, minute % 60));
    }
    case MONTH: return keyed(day_from_civil(p.year, p.month, 1), str_fmt(a, "%04d-%02d", p.year, p.month));
    case QUARTER: return keyed(day_from_civil(p.year, (p.month - 1) / 3 * 3 + 1, 1), str_fmt(a, "%04d-Q%d", p.year, (p.month - 1) / 3 + 1));
    case YEAR: return keyed(p.year, str_fmt(a, "%04d", p.year));
    case CLOCK: {
        int second = (int)any(wide ? 86400 : 40);
        return keyed(second * INT64_C(1000), str_fmt(a, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60));
    }
    case CODE: return (value){ .text = str_fmt(a, "%0*" PRIu64, wide ? 8 : 3, any(wide ? 100000000 : 60)) };
    case PLACE: {
        uint64_t e4 = 1180000 + any(wide ? 50000 : 30);
        return keyed((int64_t)e4, str_fmt(a, "%" PRIu64 ".%04" PRIu64, e4 / 10000, e4 % 10000));
    }
    case COUNTY: return (value){ .text = str_of((const char *const[]){ "臺北市", "高雄市", "花蓮縣", "連江縣", "台北市" }[any(5)]) };
    case YES_NO: return any(2) != 0 ? keyed(1, S("true")) : keyed(0, S("false"));
    case FEW: return (value){ .text = words(a, 1) };
    case MANY: return (value){ .text = words(a, 4) };
    default: return (value){ .text = str_cat(a, words(a, 10), str_fmt(a, "%" PRIu64, any(1000000))) };
    }
}
#endif
