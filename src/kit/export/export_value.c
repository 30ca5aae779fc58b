/* Values in the form of their kind. */
#include "kit/export/export.h"

#include "kit/table/number_text.h"

export_kind export_kind_of(column_type t)
{
    switch (t) {
    case COLUMN_integer: case COLUMN_year: return EXPORT_INTEGER;
    case COLUMN_decimal: case COLUMN_longitude: case COLUMN_latitude: case COLUMN_easting: case COLUMN_northing: return EXPORT_NUMBER;
    case COLUMN_boolean: return EXPORT_BOOLEAN;
    case COLUMN_date: return EXPORT_DATE;
    case COLUMN_month: return EXPORT_MONTH;
    case COLUMN_quarter: return EXPORT_QUARTER;
    case COLUMN_datetime: return EXPORT_MOMENT;
    case COLUMN_time: return EXPORT_TIME;
    default: return EXPORT_TEXT;
    }
}

static char *digits(char *to, uint64_t v, int n)
{
    for (int i = n - 1; i >= 0; i--, v /= 10)
        to[i] = (char)('0' + v % 10);
    return to + n;
}

/* Without needless zeros behind the point. */
static str number(int64_t key, unsigned scale, char *room)
{
    uint64_t u = key < 0 ? 0 - (uint64_t)key : (uint64_t)key;
    for (; scale > 0 && u % 10 == 0; scale--)
        u /= 10;
    char *end = room + EXPORT_ROOM, *p = end;
    for (unsigned i = 0; u > 0 || i <= scale; i++) {
        if (i == scale && scale > 0)
            *--p = '.';
        *--p = (char)('0' + u % 10);
        u /= 10;
    }
    if (key < 0)
        *--p = '-';
    return (str){ p, (size_t)(end - p) };
}

static char *clock_text(char *p, int64_t ms)
{
    p = digits(p, (uint64_t)(ms / 3600000), 2);
    *p++ = ':';
    p = digits(p, (uint64_t)(ms / 60000 % 60), 2);
    *p++ = ':';
    p = digits(p, (uint64_t)(ms / 1000 % 60), 2);
    if (ms % 1000 != 0) {
        *p++ = '.';
        p = digits(p, (uint64_t)(ms % 1000), 3);
    }
    return p;
}

static char *day_text(export_kind k, char *p, const day_parts *d)
{
    if (d->year < 0)
        *p++ = '-';
    p = digits(p, (uint64_t)(d->year < 0 ? -d->year : d->year), d->year > 9999 ? 6 : 4);
    *p++ = '-';
    if (k == EXPORT_QUARTER) {
        *p++ = 'Q';
        return digits(p, (uint64_t)(d->month - 1) / 3 + 1, 1);
    }
    p = digits(p, (uint64_t)d->month, 2);
    if (k == EXPORT_MONTH)
        return p;
    *p++ = '-';
    return digits(p, (uint64_t)d->day, 2);
}

str export_key_text(export_kind k, int64_t key, unsigned scale, char room[EXPORT_ROOM])
{
    char *p = room;
    day_parts d;
    switch (k) {
    case EXPORT_BOOLEAN:
        return key != 0 ? S("true") : S("false");
    case EXPORT_DATE: case EXPORT_MONTH: case EXPORT_QUARTER:
        d = day_split(key * DAY_MS);
        p = day_text(k, p, &d);
        break;
    case EXPORT_MOMENT: /* the wall clock of Taiwan, as published where no zone was given */
        d = day_split(key + DAY_TAIPEI_MS);
        p = day_text(EXPORT_DATE, p, &d);
        *p++ = 'T';
        p = clock_text(p, d.hour * INT64_C(3600000) + d.minute * INT64_C(60000) + d.second * INT64_C(1000) + d.ms);
        break;
    case EXPORT_TIME:
        p = clock_text(p, key);
        break;
    default:
        return number(key, scale, room);
    }
    return (str){ room, (size_t)(p - room) };
}

str export_value(export_kind k, const column_view *v, uint64_t row, char room[EXPORT_ROOM])
{
    int64_t key;
    if (k == EXPORT_TEXT) {
        if (column_is_null(v, row))
            return (str){ 0 };
        return column_text(v, row, room);
    }
    return column_key(v, row, &key) ? export_key_text(k, key, v->scale, room) : (str){ 0 };
}
